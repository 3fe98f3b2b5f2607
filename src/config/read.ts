import { isUtf8 as isUtf8Text } from 'node:buffer';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { resolve as resolvePath } from 'node:path';
import { errnoOf } from '../model/errno-of.ts';
import { type Budget, MOST_FILE_BYTES, MOST_LIST_BYTES } from './budget.ts';
import { quote } from './quote.ts';
import type { Problem, Report } from './report.ts';
import type { Sightings } from './sightings.ts';
import { makeSource, type Source } from './source.ts';
import { checkTrust } from './trust.ts';

interface Context {
  readonly ownerUid: number;
  readonly report: Report;
  readonly budget: Budget;
  /** What to point at when the file cannot be read: the file itself, or the include that names it. */
  readonly at: Problem['at'];
  /** Of a file that is part of the configuration. */
  readonly sightings?: Sightings | undefined;
}

/** A file that was read: `path` is free of links, and names it to find out about a second include of it. */
export interface ReadFile {
  readonly path: string;
  readonly source: Source;
}

/** A file of another program, whose text was written before everything was UTF-8. */
export interface ForeignFile extends ReadFile {
  /** False: each character stands for a byte. */
  readonly isUtf8: boolean;
}

/** A FIFO must not stop us; the last component was a plain file when the path was checked. */
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;

/** Up to `limit` bytes; one more than the file had when it was looked at shows that it grew. */
function readBytes(fd: number, options: { readonly limit: number; readonly size: number }): Uint8Array {
  const bytes = new Uint8Array(Math.min(options.limit, options.size + 1));
  let length = 0;
  while (length < bytes.length) {
    const count = readSync(fd, bytes, length, bytes.length - length, null);
    if (count === 0) break;
    length += count;
  }
  return bytes.subarray(0, length);
}

function refuse(context: Context, problem: Pick<Problem, 'code' | 'message' | 'help'>): undefined {
  context.report.add({ ...problem, at: context.at });
}

interface Checked {
  readonly context: Context;
  readonly name: string;
  readonly inode: number;
  readonly limits: Limits;
}

/** How much may be read; `budget` is what all files of a kind have together. */
interface Limits {
  readonly fileBytes: number;
  readonly fileSize: string;
  readonly budget: { bytes: number };
  readonly budgetSize: string;
}

/** The file that was checked is the one that is read, whatever happens to its name meanwhile. */
function readChecked(path: string, options: Checked): Uint8Array | undefined {
  const { context, name, limits } = options;
  const fd = openSync(path, OPEN_FLAGS);
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile()) {
      return refuse(context, {
        code: 'config/not-a-file',
        message: `Cannot read ${quote(name)}: it is not a regular file`,
      });
    }
    if (stats.ino !== options.inode) {
      const message = `Cannot read ${quote(name)}: it was replaced while it was being checked`;
      return refuse(context, { code: 'config/untrusted-path', message, help: 'try again' });
    }
    const bytes = readBytes(fd, { limit: limits.fileBytes + 1, size: stats.size });
    if (bytes.length > stats.size && bytes.length <= limits.fileBytes) {
      const message = `Cannot read ${quote(name)}: it grew while it was being read`;
      return refuse(context, { code: 'config/unreadable', message, help: 'try again' });
    }
    limits.budget.bytes -= bytes.length;
    if (bytes.length <= limits.fileBytes && limits.budget.bytes >= 0) return bytes;
    const reason =
      bytes.length > limits.fileBytes
        ? `it is larger than ${limits.fileSize}`
        : `the files together are larger than ${limits.budgetSize}`;
    return refuse(context, { code: 'config/too-large', message: `Cannot read ${quote(name)}: ${reason}` });
  } finally {
    closeSync(fd);
  }
}

/** UTF-8 without a byte order mark; undefined after a report. */
function decode(
  bytes: Uint8Array,
  options: { readonly context: Context; readonly name: string },
): string | undefined {
  const { context, name } = options;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return refuse(context, {
      code: 'config/not-utf8',
      message: `Cannot read ${quote(name)}: it is not UTF-8 text`,
    });
  }
}

/** A trusted file's bytes; `path` is free of links. */
interface ReadBytes {
  readonly path: string;
  readonly bytes: Uint8Array;
}

function readTrustedBytes(
  name: string,
  options: { readonly context: Context; readonly limits: Limits },
): ReadBytes | undefined {
  const { context, limits } = options;
  const path = resolvePath(name);
  context.sightings?.own(path);
  const trust = checkTrust(path, context);
  if (!trust.trusted) {
    const message = `Cannot read ${quote(name)}: ${trust.reason}`;
    if (trust.kind === 'unreadable') return refuse(context, { code: 'config/unreadable', message });
    const help = 'others could change the configuration: change the owner or the mode';
    return refuse(context, { code: 'config/untrusted-path', message, help });
  }
  if (!trust.stats.isFile()) {
    return refuse(context, {
      code: 'config/not-a-file',
      message: `Cannot read ${quote(name)}: it is not a regular file`,
    });
  }
  try {
    const bytes = readChecked(trust.path, { context, name, inode: trust.stats.ino, limits });
    return bytes && { path: trust.path, bytes };
  } catch (error) {
    const code = errnoOf(error);
    return refuse(context, { code: 'config/unreadable', message: `Cannot read ${quote(name)}: ${code}` });
  }
}

const OWN_LIMITS = { fileBytes: MOST_FILE_BYTES, fileSize: '1 MiB', budgetSize: '16 MiB' };

/** Reads a file of another program under the same conditions; its text need not be UTF-8. */
export function readTrustedForeign(name: string, context: Context): ForeignFile | undefined {
  const read = readTrustedBytes(name, { context, limits: { ...OWN_LIMITS, budget: context.budget } });
  if (!read) return undefined;
  const text = Buffer.from(read.bytes)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
  const isUtf8 = isUtf8Text(read.bytes);
  return {
    path: read.path,
    source: makeSource(name, isUtf8 ? text : Buffer.from(read.bytes).toString('latin1')),
    isUtf8,
  };
}

/** Reads a configuration file that only root and the owner can have written (S104); undefined after a report. */
export function readTrusted(name: string, context: Context): ReadFile | undefined {
  const read = readTrustedBytes(name, { context, limits: { ...OWN_LIMITS, budget: context.budget } });
  const text = read && decode(read.bytes, { context, name });
  return read && text !== undefined ? { path: read.path, source: makeSource(name, text) } : undefined;
}

/** The bytes of a list of addresses, or of rules, under the same conditions; these may be large. */
export function readTrustedList(name: string, context: Context): Uint8Array | undefined {
  const limits = {
    fileBytes: MOST_LIST_BYTES,
    fileSize: '64 MiB',
    budget: context.budget.lists,
    budgetSize: '128 MiB',
  };
  return readTrustedBytes(name, { context, limits })?.bytes;
}

/** The bytes of a file that a handler gets, under the same conditions; the launch table holds all of them. */
export function readTrustedSecret(name: string, context: Context): Uint8Array | undefined {
  const limits = { ...OWN_LIMITS, budget: context.budget.secrets };
  return readTrustedBytes(name, { context, limits })?.bytes;
}
