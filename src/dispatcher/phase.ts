import type { Subscriber } from '../events/bus.ts';

/** How far the daemon is, as its own events say. */
export class Phase {
  #sinceMs: number;
  #isReady = false;
  #isStopping = false;
  #restarts = 0;

  constructor(nowMs: number) {
    this.#sinceMs = nowMs;
  }

  /** The spawner is so old, which outlives dispatchers and upgrades. */
  begin({ ageMs, nowMs }: { readonly ageMs: number; readonly nowMs: number }): void {
    this.#sinceMs = nowMs - ageMs;
  }

  /** On the monotonic clock. */
  get sinceMs(): number {
    return this.#sinceMs;
  }

  /** A subscriber of the bus. */
  readonly take: Subscriber = (event) => {
    if (event.type === 'ready') this.#isReady = true;
    else if (event.type === 'stopping') this.#isStopping = true;
    else if (event.type === 'dispatcher-restarted') this.#restarts = event.times;
  };

  get current(): 'starting' | 'serving' | 'stopping' {
    if (this.#isStopping) return 'stopping';
    return this.#isReady ? 'serving' : 'starting';
  }

  /** How often the dispatcher was started again. */
  get restarts(): number {
    return this.#restarts;
  }
}
