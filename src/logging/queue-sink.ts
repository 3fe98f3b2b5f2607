import type { Carrier, CarrierHooks } from './carrier.ts';
import { RecordQueue } from './record-queue.ts';
import { Transport } from './transport.ts';

const QUEUE_LIMIT_BYTES = 4 * 1024 * 1024;
/** After this, twice that and so on, where there was just no room: a syslog socket takes ten records at a time. */
const FIRST_RETRY_MS = 2;
const RETRY_MS = 100;
/** Other work comes in between after so many turns: what waits may be megabytes in small pieces. */
const TURNS_AT_ONCE = 32;

/** A line with its LF, or several. */
export interface WrittenRecord {
  readonly text: string;
  /** That the text is of. */
  readonly event: { readonly type: string };
  /** Milliseconds since the epoch. */
  readonly atMs: number;
}

/** What winston hands over: records of one level, since our format puts those there. */
export interface SinkInfo {
  readonly level: string;
  readonly records: readonly WrittenRecord[];
}

export interface QueueSinkOptions {
  readonly carrier: (hooks: CarrierHooks) => Carrier;
  /** What a record goes out as. */
  readonly frame?: (record: WrittenRecord, level: string) => readonly string[];
  /** Starts a timer and gives the function that cancels it. */
  readonly after: (delayMs: number, callback: () => void) => () => void;
  /** Calls back at the end of this turn of the event loop: the records of a turn go out in one write. */
  readonly soon: (callback: () => void) => void;
  readonly queueLimitBytes?: number | undefined;
}

/**
 * A winston transport with a queue. It always calls back and never throws: what stalls, goes away or is full
 * costs records, counted, never the service. It emits `lost` with the count as soon as half of the queue is free
 * again, so that a record of it stands where the gap is; `failed` with a symbolic code once for each trouble,
 * `resumed` with the count at its end; `limit` with its name and a size.
 */
export class QueueSink extends Transport {
  readonly #options: QueueSinkOptions;
  readonly #carrier: Carrier;
  readonly #queue: RecordQueue;
  readonly #resumeBytes: number;
  #cancelRetry: (() => void) | undefined;
  #retryMs = FIRST_RETRY_MS;
  #isFlushDue = false;
  /** Since `lost` was told. */
  #lost = 0;
  #trouble: { lost: number } | undefined;
  #isClosed = false;

  constructor(options: QueueSinkOptions) {
    super();
    const limitBytes = options.queueLimitBytes ?? QUEUE_LIMIT_BYTES;
    this.#options = options;
    this.#queue = new RecordQueue(limitBytes);
    this.#resumeBytes = limitBytes / 2;
    this.#carrier = options.carrier({
      wake: () => this.#flushSoon(),
      limit: (limit, bytes) => this.emit('limit', limit, bytes),
    });
  }

  /** What could not go out yet. */
  get waitingBytes(): number {
    return this.#queue.bytes;
  }

  /** How many records that are, and those that are lost already and not told of. */
  get waitingRecords(): number {
    return this.#queue.count + this.#lost;
  }

  override log({ records, level }: SinkInfo, next: () => void): void {
    const { frame } = this.#options;
    for (const record of records) {
      if (!frame) this.#accept(record.text);
      else for (const framed of frame(record, level)) this.#accept(framed);
    }
    next();
  }

  /** What records go to may have been replaced. */
  renew(): void {
    if (!this.#isClosed) this.#carrier.renew();
  }

  /** Writes what can be written now, and gives up the rest. */
  override close(): void {
    if (this.#isClosed) return;
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    this.#isClosed = true;
    while (this.#turn() === 'again') {
      // Each turn takes something out of the queue.
    }
    this.#carrier.close();
  }

  #accept(record: string): void {
    if (this.#isClosed) return;
    if (this.#lost > 0 || !this.#queue.offer(record)) this.#lose(1);
    if (this.#cancelRetry === undefined) this.#flushSoon();
  }

  #lose(count: number): void {
    this.#lost += count;
    this.#troubled('EAGAIN');
    if (this.#trouble) this.#trouble.lost += count;
  }

  #flushSoon(): void {
    if (this.#isFlushDue || this.#isClosed) return;
    this.#isFlushDue = true;
    this.#options.soon(() => {
      this.#isFlushDue = false;
      if (!this.#isClosed) this.#pump();
    });
  }

  /** Writes until nothing is left or no more is taken; then a timer tries again. */
  #pump(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    for (let turn = 0; turn < TURNS_AT_ONCE; turn++) {
      const next = this.#turn();
      if (next === 'later') this.#retryLater();
      if (next !== 'again') return;
    }
    this.#flushSoon();
  }

  #turn(): 'again' | 'later' | 'done' {
    const carried = this.#carrier.carry(this.#queue);
    switch (carried.kind) {
      case 'went':
        this.#retryMs = FIRST_RETRY_MS;
        this.#troubled(carried.code);
        this.#tellLost(carried.code === undefined);
        return this.#queue.bytes > 0 ? 'again' : 'done';
      case 'unfit':
        this.#troubled(carried.code);
        this.#queue.skip();
        this.#lose(1);
        return 'again';
      case 'refused':
        this.#retryMs = RETRY_MS;
        this.#trouble ??= { lost: 0 };
        this.#lose(this.#queue.clear());
        return 'later';
      case 'waits':
        // Something is wrong, not just full: that takes its time.
        if (carried.code !== undefined) this.#retryMs = RETRY_MS;
        this.#troubled(carried.code);
        return 'later';
    }
  }

  #retryLater(): void {
    if (this.#isClosed) return;
    this.#cancelRetry = this.#options.after(this.#retryMs, () => {
      this.#cancelRetry = undefined;
      this.#pump();
    });
    this.#retryMs = Math.min(2 * this.#retryMs, RETRY_MS);
  }

  #troubled(code: string | undefined): void {
    if (this.#trouble || code === undefined) return;
    this.#trouble = { lost: 0 };
    this.emit('failed', code);
  }

  /** Records go out; they may do so although something is wrong. */
  #tellLost(isWell: boolean): void {
    const hasRoom = this.#lost > 0 && this.#queue.bytes <= this.#resumeBytes;
    if (hasRoom) {
      const count = this.#lost;
      this.#lost = 0;
      this.emit('lost', count);
    }
    if (!this.#trouble || !isWell || (!hasRoom && this.#queue.bytes > 0)) return;
    const { lost } = this.#trouble;
    this.#trouble = undefined;
    this.emit('resumed', lost);
  }
}
