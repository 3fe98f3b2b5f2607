import { closeSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import type { LogRecord } from '../harness/log-records.ts';

const PIECE_BYTES = 1 << 20;

/** A log that grows, of which each record is taken once: nothing of it is kept. */
export class LogTail {
  readonly #fd: number;
  readonly #piece = Buffer.alloc(PIECE_BYTES);
  readonly #decoder = new StringDecoder('utf8');
  #position = 0;
  #rest = '';

  constructor(path: string) {
    this.#fd = openSync(path, 'r');
  }

  /** All that has come since. */
  take(tell: (record: LogRecord) => void): void {
    for (;;) {
      const length = readSync(this.#fd, this.#piece, 0, PIECE_BYTES, this.#position);
      if (length === 0) return;
      this.#position += length;
      const lines = `${this.#rest}${this.#decoder.write(this.#piece.subarray(0, length))}`.split('\n');
      this.#rest = lines.pop() ?? '';
      for (const line of lines) tell(JSON.parse(line) as LogRecord);
    }
  }

  get bytes(): number {
    return this.#position;
  }

  close(): void {
    closeSync(this.#fd);
  }
}
