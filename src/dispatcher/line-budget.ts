import { nextArrival, rateLimit, retryAfterMs } from '../admission/gcra.ts';

/** What the handlers of one service may say: enough to tell of a failure, and not enough to fill a disk in an hour. */
const LIMIT = rateLimit({ count: 20, perMs: 1000, burst: 200 });
/** How often it is told that lines were dropped. */
const TELL_MS = 10_000;

export interface LineBudgetOptions {
  readonly nowMs: () => number;
  readonly after: (delayMs: number, callback: () => void) => () => void;
  readonly tell: (dropped: number) => void;
}

/** Lets so many lines a second through, and counts the others; runs no timer while none are dropped. */
export class LineBudget {
  readonly #options: LineBudgetOptions;
  #arrival = 0;
  #dropped = 0;
  #cancel: (() => void) | undefined;

  constructor(options: LineBudgetOptions) {
    this.#options = options;
  }

  /** Whether the next one would be dropped. */
  get isSpent(): boolean {
    return retryAfterMs(LIMIT, { arrival: this.#arrival, now: this.#options.nowMs() }) > 0;
  }

  /** False for one that is to be dropped. */
  takes(): boolean {
    if (this.isSpent) {
      this.#drop();
      return false;
    }
    this.#arrival = nextArrival(LIMIT, { arrival: this.#arrival, now: this.#options.nowMs() });
    return true;
  }

  /** Tells what there is to tell: when it is due, and when zinetd stops. */
  flush(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (this.#dropped > 0) this.#options.tell(this.#dropped);
    this.#dropped = 0;
  }

  #drop(): void {
    this.#dropped++;
    this.#cancel ??= this.#options.after(TELL_MS, () => this.flush());
  }
}
