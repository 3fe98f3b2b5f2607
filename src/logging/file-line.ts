import { fstatSync, writeSync } from 'node:fs';
import type { Carried, CarrierHooks } from './carrier.ts';
import { WENT } from './carrier.ts';
import type { Broken, Line } from './line.ts';
import type { RecordQueue } from './record-queue.ts';

const CHUNK_BYTES = 65_536;

/** Of a disk or a quota that is full, or a limit of this process: the file is the right one all the same. */
const FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'EAGAIN', 'EINTR']);

export interface FileLimits {
  readonly softBytes: number | undefined;
  readonly hardBytes: number | undefined;
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'EIO';
}

function write(fd: number, chunk: string): number | string {
  try {
    return writeSync(fd, chunk, null, 'latin1');
  } catch (error) {
    return codeOf(error);
  }
}

/** Where no more is written: until the file is another one, or has become smaller. */
interface Refused {
  readonly inode: number;
  readonly size: number;
}

/**
 * Records at the end of a file. Others may truncate it (copytruncate of logrotate), write to it, or remove it, so
 * that it is looked at before each write.
 */
export class FileLine implements Line {
  readonly #softBytes: number;
  readonly #hardBytes: number;
  readonly #tell: CarrierHooks['limit'];
  #isBeyondSoft = false;
  #refused: Refused | undefined;

  constructor({ softBytes, hardBytes }: FileLimits, tell: CarrierHooks['limit']) {
    this.#softBytes = softBytes ?? Number.POSITIVE_INFINITY;
    this.#hardBytes = hardBytes ?? Number.POSITIVE_INFINITY;
    this.#tell = tell;
  }

  begin(): void {
    // The size of the file tells all.
  }

  send(fd: number, queue: RecordQueue): Carried | Broken {
    const { size, nlink, ino: inode } = fstatSync(fd);
    if (nlink === 0) return { kind: 'broken', code: 'ENOENT' };
    this.#warn(size);
    if (this.#refused?.inode === inode && size >= this.#refused.size) return { kind: 'refused' };
    const room = this.#hardBytes - size;
    if (queue.firstBytes > room) return this.#refuse({ inode, size });
    this.#refused = undefined;
    const written = queue.bytes === 0 ? 0 : write(fd, queue.front(Math.min(room, CHUNK_BYTES)));
    if (typeof written === 'string') return { kind: FULL.has(written) ? 'waits' : 'broken', code: written };
    queue.drop(written);
    return WENT;
  }

  /** Once for each time that the file grows beyond it. */
  #warn(size: number): void {
    const isBeyond = size > this.#softBytes;
    if (isBeyond && !this.#isBeyondSoft) this.#tell('soft', size);
    this.#isBeyondSoft = isBeyond;
  }

  #refuse(refused: Refused): Carried {
    this.#tell('hard', refused.size);
    this.#refused = refused;
    return { kind: 'refused' };
  }
}
