import { fstatSync, writeSync } from 'node:fs';
import type Winston from 'winston';
import { RecordQueue } from './record-queue.ts';
import { winston } from './winston.ts';

/** PIPE_BUF: a pipe that poll(2) calls writable takes this much without blocking, and takes it whole. */
const PIPE_CHUNK_BYTES = 4096;
const FILE_CHUNK_BYTES = 65_536;
const QUEUE_LIMIT_BYTES = 4 * 1024 * 1024;
const RETRY_MS = 100;
const MESSAGE = Symbol.for('message');

/** The base class of transports, which winston's types know only as a type. */
const { Transport } = winston as unknown as { readonly Transport: new () => Winston.transport };

/** What winston hands over; the text is there, a line with its LF, since our format puts it there. */
interface Info {
  readonly [MESSAGE]?: unknown;
}

export interface FdSinkOptions {
  /** Stays open for the life of the sink; it belongs to the caller. */
  readonly fd: number;
  /** poll(2) for writing, without waiting. */
  readonly writable: (fd: number) => boolean;
  /** Starts a timer and gives the function that cancels it. */
  readonly after: (delayMs: number, callback: () => void) => () => void;
  /** Calls back at the end of this turn of the event loop: the records of a turn go out in one write. */
  readonly soon: (callback: () => void) => void;
  readonly queueLimitBytes?: number;
}

class FdSink extends Transport {
  readonly #options: FdSinkOptions;
  readonly #queue: RecordQueue;
  readonly #resumeBytes: number;
  readonly #isFile: boolean;
  #cancelRetry: (() => void) | undefined;
  #isFlushDue = false;
  #lost = 0;
  #isClosed = false;

  constructor(options: FdSinkOptions) {
    super();
    const limitBytes = options.queueLimitBytes ?? QUEUE_LIMIT_BYTES;
    this.#options = options;
    this.#queue = new RecordQueue(limitBytes);
    this.#resumeBytes = limitBytes / 2;
    this.#isFile = fstatSync(options.fd).isFile();
  }

  override log(info: Info, next: () => void): void {
    this.#accept(String(info[MESSAGE]));
    next();
  }

  /** Writes what can be written now, and gives up the rest. */
  override close(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    this.#isClosed = true;
    this.#pump();
  }

  #accept(record: string): void {
    if (this.#isClosed) return;
    if (this.#lost > 0 || !this.#queue.offer(record)) this.#lost++;
    if (this.#cancelRetry === undefined) this.#flushSoon();
  }

  #flushSoon(): void {
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    this.#options.soon(() => {
      this.#isFlushDue = false;
      if (this.#cancelRetry === undefined) this.#pump();
    });
  }

  /** Writes until nothing is left or the descriptor takes no more; then a timer tries again. */
  #pump(): void {
    this.#reportLost();
    while (this.#queue.bytes > 0) {
      const written = this.#writeSome();
      if (written === 0) {
        this.#retryLater();
        return;
      }
      this.#queue.drop(written);
      this.#reportLost();
    }
  }

  #writeSome(): number {
    const { fd, writable } = this.#options;
    if (this.#isFile) return tryWrite(fd, this.#queue.front(FILE_CHUNK_BYTES));
    return writable(fd) ? tryWrite(fd, this.#queue.front(PIPE_CHUNK_BYTES)) : 0;
  }

  #retryLater(): void {
    if (this.#isClosed) return;
    this.#cancelRetry = this.#options.after(RETRY_MS, () => {
      this.#cancelRetry = undefined;
      this.#pump();
    });
  }

  #reportLost(): void {
    if (this.#lost === 0 || this.#queue.bytes > this.#resumeBytes) return;
    const count = this.#lost;
    this.#lost = 0;
    this.emit('lost', count);
  }
}

/**
 * A winston transport over a descriptor. It always calls back and never throws: a reader that stalls, goes
 * away or has a full disk costs records, counted, never the service. Emits `lost` with the count as soon as
 * half of the queue is free again, so that a record of it stands where the gap is.
 */
export function createFdSink(options: FdSinkOptions): Winston.transport {
  return new FdSink(options);
}

/** How many bytes went out; 0 for EAGAIN, EPIPE, ENOSPC, EIO and everything else that may pass. */
function tryWrite(fd: number, chunk: string): number {
  try {
    return writeSync(fd, chunk, null, 'latin1');
  } catch {
    return 0;
  }
}
