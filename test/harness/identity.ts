import { execFileSync } from 'node:child_process';

export interface TestUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** The user that install-packages.sh makes when the suite runs as root. */
const UNPRIVILEGED = 'zinetd-test';

export const isRoot: boolean = process.getuid?.() === 0;

function look(name: string): TestUser | undefined {
  try {
    const [user = '', , uid, gid] = execFileSync('getent', ['passwd', name], { encoding: 'utf8' }).split(':');
    return { name: user, uid: Number(uid), gid: Number(gid) };
  } catch {
    return undefined;
  }
}

/** Whoever is not root: the caller, or the user made for this. */
export function unprivilegedUser(): TestUser | undefined {
  return look(isRoot ? UNPRIVILEGED : String(process.getuid?.()));
}
