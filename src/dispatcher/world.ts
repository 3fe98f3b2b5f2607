import type { Subscriber } from '../events/bus.ts';

/** What the dispatcher takes from outside, so that a test can give it another. */
export interface World {
  /** Subscribed to the bus; `flush` writes what can be written without waiting. */
  readonly log: { readonly subscriber: Subscriber; flush(): void };
  /** Calls back once, after a time on the monotonic clock; gives the function that calls it off. */
  after(delayMs: number, callback: () => void): () => void;
  /** Ends the process. */
  exit(code: number): void;
}
