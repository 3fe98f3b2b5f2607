import { lstatSync, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { posix, resolve as resolvePath } from 'node:path';
import type { ForeignContext } from '../../config/foreign-format.ts';
import { quote } from '../../config/quote.ts';
import { type ForeignFile, readTrustedForeign } from '../../config/read.ts';
import type { Problem } from '../../config/report.ts';
import { checkTrust } from '../../config/trust.ts';
import { errnoOf } from '../../model/errno-of.ts';

/** Where units, and files that they name, are. */
export interface Disk {
  kindOf(path: string): 'file' | 'directory' | 'other' | undefined;
  /** The names in a directory; undefined after a report. */
  list(directory: string): readonly string[] | undefined;
  /** Where a link leads in the end; undefined for what is none. */
  linkOf(path: string): string | undefined;
  /** Undefined after a report. */
  read(path: string, at: Problem['at']): ForeignFile | undefined;
}

function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function listTrusted(directory: string, context: ForeignContext): readonly string[] | undefined {
  const path = resolvePath(directory);
  context.sightings?.glob(path, posix.join(path, '*'));
  const trust = checkTrust(path, context);
  const at = { file: directory };
  const subject = `Cannot read ${quote(directory)}`;
  if (!trust.trusted) {
    const code = trust.kind === 'untrusted' ? 'config/untrusted-path' : 'config/unreadable';
    return void context.report.add({ code, at, message: `${subject}: ${trust.reason}` });
  }
  try {
    return readdirSync(trust.path);
  } catch (error) {
    const reason = errnoOf(error);
    return void context.report.add({ code: 'config/unreadable', at, message: `${subject}: ${reason}` });
  }
}

/** That of this machine: what others could change is refused. */
export function machineDisk(context: ForeignContext): Disk {
  return {
    kindOf: (path) => {
      const stats = statsOf(path);
      if (!stats) return undefined;
      if (stats.isDirectory()) return 'directory';
      return stats.isFile() ? 'file' : 'other';
    },
    list: (directory) => listTrusted(directory, context),
    linkOf: (path) => {
      try {
        return lstatSync(path).isSymbolicLink() ? realpathSync(path) : undefined;
      } catch {
        return undefined;
      }
    },
    read: (path, at) => readTrustedForeign(path, { ...context, at }),
  };
}
