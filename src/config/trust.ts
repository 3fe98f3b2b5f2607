import { lstatSync, readlinkSync, type Stats } from 'node:fs';
import { isAbsolute } from 'node:path';
import { errnoOf } from '../model/errno-of.ts';
import { quote } from './quote.ts';

const ROOT = 0;
const STICKY = 0o1000;
const GROUP_WRITABLE = 0o020;
const WORLD_WRITABLE = 0o002;
/** What the kernel allows in one path. */
const MOST_LINKS = 40;

const WORDS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'does not exist'],
  ['ENOTDIR', 'is not a directory'],
  ['EACCES', 'cannot be reached: permission denied'],
  ['ELOOP', 'is a loop of links'],
]);

export type Trust =
  /** `path` is free of links. */
  | { readonly trusted: true; readonly path: string; readonly stats: Stats }
  /** Somebody else could have put something else there. */
  | { readonly trusted: false; readonly kind: 'untrusted'; readonly reason: string }
  /** The system call that failed; `code` is symbolic. */
  | { readonly trusted: false; readonly kind: 'unreadable'; readonly reason: string; readonly code: string };

type Refusal = Extract<Trust, { trusted: false }>;

function untrusted(reason: string): Refusal {
  return { trusted: false, kind: 'untrusted', reason };
}

function unreadable(path: string, error: unknown): Refusal {
  const code = errnoOf(error);
  return {
    trusted: false,
    kind: 'unreadable',
    reason: `${quote(path)} ${WORDS.get(code) ?? `gives ${code}`}`,
    code,
  };
}

/** Why others than root and the owner could change what is at `path`, or undefined. */
function distrust(path: string, stats: Stats, ownerUid: number): string | undefined {
  if (stats.uid !== ROOT && stats.uid !== ownerUid) {
    return `${quote(path)} belongs to uid ${stats.uid}, not to ${ownerUid === ROOT ? 'root' : `root or uid ${ownerUid}`}`;
  }
  // The mode of a link means nothing. In a sticky directory only the owner of an entry can replace it.
  if (stats.isSymbolicLink()) return undefined;
  if (stats.isDirectory() && stats.uid === ROOT && (stats.mode & STICKY) !== 0) return undefined;
  if ((stats.mode & WORLD_WRITABLE) !== 0) return `${quote(path)} is writable by everybody`;
  if (ownerUid === ROOT && (stats.mode & GROUP_WRITABLE) !== 0)
    return `${quote(path)} is writable by its group`;
  return undefined;
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

interface Hop {
  readonly path: string;
  readonly stats: Stats;
}

interface Ground {
  readonly ownerUid: number;
  /** What `/` is: free of links, and empty for that of the machine. */
  readonly root: string;
}

function look(path: string, { ownerUid, root }: Ground): Hop | Refusal {
  const name = `${root}${path}` || '/';
  try {
    const stats = lstatSync(name);
    const reason = distrust(name, stats, ownerUid);
    return reason === undefined ? { path: name, stats } : untrusted(reason);
  } catch (error) {
    return unreadable(name, error);
  }
}

function readLink(path: string): string | Refusal {
  try {
    return readlinkSync(path);
  } catch (error) {
    return unreadable(path, error);
  }
}

/**
 * Whether only root and the owner decide what an absolute path leads to: from the root down, every directory,
 * link and target on the way is theirs and nobody else can write to it (S104, S127).
 */
export function checkTrust(path: string, options: { readonly ownerUid: number }): Trust {
  return walk(path, { ownerUid: options.ownerUid, root: '' });
}

/** The same for a path, and the links on its way, as a process sees them whose root directory is `root`. */
export function checkTrustBelow(
  path: string,
  { ownerUid, root }: { readonly ownerUid: number; readonly root: string },
): Trust {
  const ground = checkTrust(root, { ownerUid });
  if (!ground.trusted) return ground;
  return walk(path, { ownerUid, root: ground.path === '/' ? '' : ground.path });
}

function walk(path: string, ground: Ground): Trust {
  if (!isAbsolute(path)) return untrusted(`${quote(path)} is not absolute`);
  let here = '';
  let hop = look(here, ground);
  let links = 0;
  const names = path.split('/').reverse();
  for (let name = names.pop(); name !== undefined && 'path' in hop; name = names.pop()) {
    if (name === '' || name === '.') continue;
    if (!hop.stats.isDirectory()) return unreadable(hop.path, { code: 'ENOTDIR' });
    const next: string = name === '..' ? parentOf(here) : `${here}/${name}`;
    const found = look(next, ground);
    if (!('path' in found) || !found.stats.isSymbolicLink()) {
      here = next;
      hop = found;
      continue;
    }
    if (++links > MOST_LINKS) return unreadable(path, { code: 'ELOOP' });
    const target = readLink(found.path);
    if (typeof target !== 'string') return target;
    if (isAbsolute(target)) {
      here = '';
      hop = look(here, ground);
    }
    names.push(...target.split('/').reverse());
  }
  return 'path' in hop ? { trusted: true, path: hop.path, stats: hop.stats } : hop;
}
