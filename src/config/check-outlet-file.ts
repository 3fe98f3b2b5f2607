import { lstatSync, type Stats } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { errnoOf } from '../model/errno-of.ts';
import { quote } from './quote.ts';
import { checkTrust } from './trust.ts';

const ROOT = 0;

export type OutletFile =
  /** Free of links, as the spawner opens it. */
  { readonly path: string } | { readonly reason: string };

/** Why the spawner would not append to what is there; undefined also where nothing is. */
function look(path: string, ownerUid: number): string | undefined {
  try {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    return stats && distrust(path, { stats, ownerUid });
  } catch (error) {
    return `${quote(path)} gives ${errnoOf(error)}`;
  }
}

function distrust(path: string, { stats, ownerUid }: { stats: Stats; ownerUid: number }): string | undefined {
  if (stats.isSymbolicLink()) return `${quote(path)} is a link`;
  if (!stats.isFile()) return `${quote(path)} is not a regular file`;
  if (stats.uid !== ROOT && stats.uid !== ownerUid) {
    return `${quote(path)} belongs to uid ${stats.uid}, not to ${ownerUid === ROOT ? 'root' : `root or uid ${ownerUid}`}`;
  }
  return stats.nlink === 1 ? undefined : `${quote(path)} has other names, too: it is a hard link`;
}

/**
 * Whether a file can be appended to, or made, without anybody but root and the owner having a say in which file that is
 * (S111, S112). The spawner asks the same again whenever it opens it.
 */
export function checkOutletFile(path: string, { ownerUid }: { readonly ownerUid: number }): OutletFile {
  if (!isAbsolute(path)) return { reason: `${quote(path)} is not absolute` };
  if (path.endsWith('/')) return { reason: `${quote(path)} is a directory` };
  const directory = checkTrust(dirname(path), { ownerUid });
  if (!directory.trusted) return { reason: directory.reason };
  if (!directory.stats.isDirectory()) return { reason: `${quote(directory.path)} is not a directory` };
  const file = join(directory.path, basename(path));
  const reason = look(file, ownerUid);
  return reason === undefined ? { path: file } : { reason };
}
