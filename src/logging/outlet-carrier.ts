import { type Carried, type Carrier, type CarrierHooks, WAITS } from './carrier.ts';
import type { Line } from './line.ts';
import type { RecordQueue } from './record-queue.ts';

/** A server that comes back is found within two seconds; one that stays away is not asked for more often. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1000;

/** A descriptor that is the carrier's own. */
export interface Opened {
  readonly fd: number;
  close(): void;
}

/** Has somebody open what records go to; calls back once, never at once. */
export type OpenOutlet = (
  callback: (answer: { readonly descriptor: Opened } | { readonly code: string }) => void,
) => void;

export interface OutletCarrierOptions {
  readonly line: Line;
  readonly open: OpenOutlet;
  readonly after: (delayMs: number, callback: () => void) => () => void;
}

/** Carries records to what somebody else opens, and has it opened anew when it breaks or is replaced. */
export class OutletCarrier implements Carrier {
  readonly #options: OutletCarrierOptions;
  readonly #hooks: CarrierHooks;
  #descriptor: Opened | undefined;
  #isAsking = false;
  /** It is to be asked for once more when the answer is there: what comes may be too old. */
  #isStale = false;
  #cancelPause: (() => void) | undefined;
  #pauseMs = 0;
  /** Of the last try, until one went well. */
  #code: string | undefined;
  #isClosed = false;

  constructor(options: OutletCarrierOptions, hooks: CarrierHooks) {
    this.#options = options;
    this.#hooks = hooks;
    this.#ask();
  }

  carry(queue: RecordQueue): Carried {
    if (!this.#descriptor) return { ...WAITS, code: this.#code };
    const sent = this.#options.line.send(this.#descriptor.fd, queue);
    if (sent.kind === 'broken') {
      queue.rewind();
      this.#drop();
      this.#failed(sent.code);
      return { ...WAITS, code: sent.code };
    }
    if (sent.kind !== 'went') return sent;
    this.#pauseMs = 0;
    return { ...sent, code: this.#code };
  }

  /** What there is stays in use until there is something new. */
  renew(): void {
    if (this.#isAsking) {
      this.#isStale = true;
      return;
    }
    this.#cancelPause?.();
    this.#cancelPause = undefined;
    this.#ask();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelPause?.();
    this.#drop();
  }

  #drop(): void {
    this.#descriptor?.close();
    this.#descriptor = undefined;
  }

  #ask(): void {
    this.#isAsking = true;
    this.#options.open((answer) => {
      this.#isAsking = false;
      if ('descriptor' in answer) this.#opened(answer.descriptor);
      else this.#failed(answer.code);
      if (!this.#isStale || this.#isClosed) return;
      this.#isStale = false;
      this.renew();
    });
  }

  #opened(descriptor: Opened): void {
    if (this.#isClosed) {
      descriptor.close();
      return;
    }
    this.#drop();
    this.#descriptor = descriptor;
    this.#code = undefined;
    this.#options.line.begin(descriptor.fd);
    this.#hooks.wake();
  }

  #failed(code: string): void {
    if (this.#isClosed) return;
    this.#code = code;
    if (!this.#isAsking && !this.#cancelPause) this.#askLater();
    this.#hooks.wake();
  }

  #askLater(): void {
    const pauseMs = this.#pauseMs;
    this.#pauseMs = Math.min(Math.max(2 * pauseMs, FIRST_PAUSE_MS), LONGEST_PAUSE_MS);
    this.#cancelPause = this.#options.after(pauseMs, () => {
      this.#cancelPause = undefined;
      this.#ask();
    });
  }
}
