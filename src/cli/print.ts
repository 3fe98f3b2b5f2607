import { writeSync } from 'node:fs';

const STDOUT = 1;
const STDERR = 2;

/** How long to wait before a pipe whose reader is slow is tried again. */
const RETRY_MS = 5;

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
}

/**
 * Writes all of `text` before it returns; whether there still is a reader. One that has gone away is an error to
 * those only that would go on for ever.
 * process.stdout would leave O_NONBLOCK on a pipe that programs after us share, and loses what is still
 * queued when the process ends.
 */
function writeText(fd: number, text: string): boolean {
  let rest: Uint8Array = new TextEncoder().encode(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(fd, rest));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') return false;
      if (code !== 'EAGAIN') throw error;
      pause();
    }
  }
  return true;
}

/** False: the reader has gone away. */
export function printOut(text: string): boolean {
  return writeText(STDOUT, text);
}

export function printError(text: string): void {
  writeText(STDERR, text);
}
