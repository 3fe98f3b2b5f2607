import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { checkTrust } from '../config/trust.ts';
import { UsageError } from '../model/errors.ts';
import type { Binding } from '../native/binding.ts';

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDWR } = constants;
const READABLE = 0o644;
const MOST_PID_BYTES = 16;
/** Somebody may take away what we found, once; not for ever. */
const ATTEMPTS = 5;

export interface PidFile {
  readonly path: string;
  /** Locked, for as long as anybody has it. */
  readonly fd: number;
}

interface Context {
  readonly binding: Binding;
  readonly pid: number;
  readonly ownerUid: number;
}

function refuse(path: string, reason: string): never {
  throw new UsageError(`Cannot start with --pid-file "${path}": ${reason}`);
}

/** Undefined where there is one already. */
function create(path: string): number | undefined {
  try {
    return openSync(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, READABLE);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    throw error;
  }
}

/** A file of ours alone: nobody's link leads us to write somewhere else (S113). */
function openOld(path: string, { ownerUid }: Context): number {
  const fd = openSync(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK);
  const stats = fstatSync(fd);
  if (!stats.isFile() || stats.nlink !== 1 || stats.uid !== ownerUid)
    refuse(path, 'what is there is no file of ours');
  return fd;
}

/** Whether the path still leads to it. */
function isAt(path: string, fd: number): boolean {
  const there = lstatSync(path, { throwIfNoEntry: false });
  const { dev, ino } = fstatSync(fd);
  return there?.dev === dev && there.ino === ino;
}

function pidIn(fd: number): string {
  const bytes = new Uint8Array(MOST_PID_BYTES);
  const text = new TextDecoder().decode(bytes.subarray(0, readSync(fd, bytes, { position: 0 })));
  return /^[0-9]+$/.test(text.trim()) ? `pid ${text.trim()}` : 'a pid that it has not written yet';
}

/** One that was left by somebody who is gone is taken away; undefined then. */
function clear(path: string, context: Context): undefined {
  const fd = openOld(path, context);
  const isHeld = context.binding.lock(fd) < 0;
  const holder = pidIn(fd);
  if (!isHeld && isAt(path, fd)) unlinkSync(path);
  closeSync(fd);
  if (isHeld) refuse(path, `zinetd already runs, with ${holder}`);
  return undefined;
}

function write(fd: number, { pid }: Context): void {
  fchmodSync(fd, READABLE);
  writeSync(fd, `${pid}\n`);
}

/**
 * Makes the file of the pid: new, locked, and readable by everybody. Nothing of ours ever believes what is in one
 * (S113). The spawner takes it away in the end.
 */
export function makePidFile(path: string, context: Context): PidFile {
  const trust = checkTrust(dirname(path), context);
  if (!trust.trusted) refuse(path, trust.reason);
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const fd = create(path) ?? clear(path, context);
      if (fd === undefined) continue;
      // Somebody else may have taken it for a stale one before it was locked.
      if (context.binding.lock(fd) >= 0 && isAt(path, fd)) {
        write(fd, context);
        return { path, fd };
      }
      closeSync(fd);
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { syscall = 'use', code = 'EIO' } = error as NodeJS.ErrnoException;
    refuse(path, `${syscall} gives ${code}`);
  }
  return refuse(path, 'others keep making it');
}
