/** Between two tries to reach an rpcbind that is not there: each twice as long as the one before. */
const FIRST_MS = 1000;
/** The longest of them, and how often what somebody else holds is tried again. */
const MOST_MS = 30_000;

/** When to try again. */
export class Retry {
  readonly #after: (delayMs: number, callback: () => void) => () => void;
  readonly #onTime: () => void;
  #backoffMs = FIRST_MS;
  #cancel: (() => void) | undefined;

  constructor(after: (delayMs: number, callback: () => void) => () => void, onTime: () => void) {
    this.#after = after;
    this.#onTime = onTime;
  }

  soon(): void {
    this.#start(this.#backoffMs);
    this.#backoffMs = Math.min(this.#backoffMs * 2, MOST_MS);
  }

  late(): void {
    this.#start(MOST_MS);
  }

  /** All went well: the next time is a first one. */
  reset(): void {
    this.#backoffMs = FIRST_MS;
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #start(delayMs: number): void {
    this.stop();
    this.#cancel = this.#after(delayMs, () => {
      this.#cancel = undefined;
      this.#onTime();
    });
  }
}
