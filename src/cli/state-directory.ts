import { chmodSync, lchownSync, lstatSync, mkdirSync, readdirSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';
import { checkTrust } from '../config/trust.ts';

const ROOT = 0;
const PRIVATE = 0o700;
const OTHERS_WRITE = 0o022;

export interface StateOwners {
  readonly ownerUid: number;
  /** Whose the directory shall be: the dispatcher's uid. */
  readonly holderUid: number;
}

/** Where the state is unless --state-dir says otherwise is made with all that leads to it, as XDG wants it. */
function makeMissing(path: string, owners: StateOwners): Stats | string {
  const parent = dirname(path);
  if (lstatSync(parent, { throwIfNoEntry: false }) === undefined) {
    const made = makeMissing(parent, owners);
    if (typeof made === 'string') return made;
  }
  const trust = checkTrust(parent, { ownerUid: owners.ownerUid });
  if (!trust.trusted) return trust.reason;
  mkdirSync(path);
  chmodSync(path, PRIVATE); // whatever the umask is
  return lstatSync(path);
}

/** Root gives away only what is empty: a slip of the pen must not hand out /etc. */
function giveAway(path: string, { holderUid }: StateOwners): string | undefined {
  if (readdirSync(path).length > 0) return `"${path}" belongs to root and is not empty`;
  chmodSync(path, PRIVATE);
  lchownSync(path, holderUid, holderUid);
  return undefined;
}

function prepare(path: string, owners: StateOwners): string | undefined {
  const stats = lstatSync(path, { throwIfNoEntry: false }) ?? makeMissing(path, owners);
  if (typeof stats === 'string') return stats;
  const trust = checkTrust(dirname(path), { ownerUid: owners.ownerUid });
  if (!trust.trusted) return trust.reason;
  if (!stats.isDirectory()) return `"${path}" is not a directory`;
  if (stats.uid === ROOT && owners.holderUid !== ROOT && owners.ownerUid === ROOT) {
    return giveAway(path, owners);
  }
  if (stats.uid !== owners.holderUid)
    return `"${path}" belongs to uid ${stats.uid}, not to uid ${owners.holderUid}`;
  return (stats.mode & OTHERS_WRITE) === 0 ? undefined : `"${path}" is writable by others`;
}

/**
 * Makes a state directory where there is none, and gives it to the dispatcher's uid; no link is followed, and
 * nobody else can put another in its place (S111). The reason if it cannot be used.
 */
export function prepareStateDirectory(path: string, owners: StateOwners): string | undefined {
  try {
    return prepare(path, owners);
  } catch (error) {
    const { syscall = 'use', code = 'EIO' } = error as NodeJS.ErrnoException;
    return `${syscall} gives ${code}`;
  }
}
