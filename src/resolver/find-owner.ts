import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { isOwnerName, type OwnedConnection, type Owner } from '../model/owner.ts';
import type { Account } from '../native/binding.ts';

/** What may be said of an owner; options of FreeBSD's auth. */
export interface OwnerOptions {
  /** -i */
  readonly isNumeric: boolean;
  /** -n */
  readonly noident: boolean;
}

export interface OwnerWorld {
  findUid(ends: OwnedConnection): Promise<number | undefined>;
  /** getpwuid(3): 0 when there is no such user, otherwise a negative errno. */
  userById(uid: number): Account | number;
}

/** Nothing of a home directory may be read here, but what is there can be seen (Landlock: reading alone has rules). */
async function isHiding({ home }: Account): Promise<boolean> {
  try {
    await lstat(join(home, '.noident'));
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    // Where nobody may look, somebody may well hide.
    return code !== 'ENOENT' && code !== 'ENOTDIR';
  }
}

/** Whose a connection is, as far as they may be named. */
export async function findOwner(
  { ends, isNumeric, noident }: OwnerOptions & { readonly ends: OwnedConnection },
  world: OwnerWorld,
): Promise<Owner> {
  try {
    const uid = await world.findUid(ends);
    if (uid === undefined) return { kind: 'none' };
    const user = world.userById(uid);
    if (typeof user === 'number') return user === 0 ? { kind: 'none' } : { kind: 'failed' };
    if (noident && (await isHiding(user))) return { kind: 'hidden' };
    const name = isNumeric ? String(user.uid) : user.name;
    return isOwnerName(name) ? { kind: 'user', name } : { kind: 'failed' };
  } catch {
    return { kind: 'failed' };
  }
}
