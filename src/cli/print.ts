import { writeSync } from 'node:fs';

const STDOUT = 1;
const STDERR = 2;

/** How long to wait before a pipe whose reader is slow is tried again. */
const RETRY_MS = 5;

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
}

/**
 * Writes all of `text` before it returns; a reader that has gone away is none of our business.
 * process.stdout would leave O_NONBLOCK on a pipe that programs after us share, and loses what is still
 * queued when the process ends.
 */
function writeText(fd: number, text: string): void {
  let rest: Uint8Array = new TextEncoder().encode(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(fd, rest));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') return;
      if (code !== 'EAGAIN') throw error;
      pause();
    }
  }
}

export function printOut(text: string): void {
  writeText(STDOUT, text);
}

export function printError(text: string): void {
  writeText(STDERR, text);
}
