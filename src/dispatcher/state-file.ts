import { fdatasync, fstatSync, readSync, write } from 'node:fs';

/** The place of the state file among the dispatcher's descriptors (workers.c). */
export const STATE_FD = 4;

/** Symbolic errno, such as `ENOSPC`. */
export interface StateFault {
  readonly code: string;
}

export type StateDone = (fault: StateFault | undefined) => void;

function faultOf(error: unknown): StateFault {
  return { code: (error as NodeJS.ErrnoException).code ?? 'EIO' };
}

function attempt<T>(call: () => T): T | StateFault {
  try {
    return call();
  } catch (error) {
    return faultOf(error);
  }
}

/**
 * The one file that the dispatcher can write, by a descriptor that it was born with (docs/decisions/0007). It
 * can neither shorten nor replace it.
 *
 * Writing goes through libuv's threads, so that a slow disk holds up nobody; the buffer must stay as it is until
 * it is done.
 */
export class StateFile {
  readonly #fd: number;

  private constructor(fd: number) {
    this.#fd = fd;
  }

  /** Undefined where the spawner had no file to give: the number leads to /dev/null. */
  static inherited(fd: number = STATE_FD): StateFile | undefined {
    const stats = attempt(() => fstatSync(fd));
    return 'code' in stats || !stats.isFile() ? undefined : new StateFile(fd);
  }

  /** pread(2), at once; fewer bytes at the end of the file. */
  readAt(offset: number, length: number): Uint8Array | StateFault {
    return attempt(() => {
      const bytes = new Uint8Array(length);
      let done = 0;
      while (done < length) {
        const count = readSync(this.#fd, bytes, { offset: done, position: offset + done });
        if (count === 0) break;
        done += count;
      }
      return bytes.subarray(0, done);
    });
  }

  /** pwrite(2) of all bytes; what was written before a fault stays written. */
  write({ offset, bytes }: { readonly offset: number; readonly bytes: Uint8Array }, done: StateDone): void {
    write(this.#fd, bytes, 0, bytes.length, offset, (error, count) => {
      if (error) done(faultOf(error));
      else if (count < bytes.length)
        this.write({ offset: offset + count, bytes: bytes.subarray(count) }, done);
      else done(undefined);
    });
  }

  /** fdatasync(2): done when the disk has it. */
  sync(done: StateDone): void {
    fdatasync(this.#fd, (error) => done(error ? faultOf(error) : undefined));
  }
}
