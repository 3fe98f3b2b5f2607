import type { World } from './world.ts';

/** What has waited may be done together, so that an operator who asks now and then never waits. */
const BURST_MS = 5;
/** A tenth of the time goes into it at the most. */
const REST = 9;
/** In one turn of the event loop. */
const MOST_AT_ONCE = 8;

/** Does what can be asked for without end, one after the other, in a share of the time that clients of services do not feel. */
export class Turns {
  readonly #world: Pick<World, 'nowMs' | 'after'>;
  readonly #waiting: (() => void)[] = [];
  #isDue = false;
  /** What has been done is made up for by then. */
  #freeAtMs = 0;

  constructor(world: Pick<World, 'nowMs' | 'after'>) {
    this.#world = world;
  }

  /** Done later; nothing of it is ever done within this call. */
  add(work: () => void): void {
    this.#waiting.push(work);
    this.#schedule();
  }

  get #restMs(): number {
    return Math.max(0, this.#freeAtMs - this.#world.nowMs() - BURST_MS);
  }

  #schedule(): void {
    if (this.#isDue || this.#waiting.length === 0) return;
    this.#isDue = true;
    this.#world.after(this.#restMs, () => this.#turn());
  }

  #turn(): void {
    this.#isDue = false;
    for (let count = 0; count < MOST_AT_ONCE && this.#restMs === 0; count++) {
      const startMs = this.#world.nowMs();
      this.#waiting.shift()?.();
      const tookMs = this.#world.nowMs() - startMs;
      this.#freeAtMs = Math.max(this.#freeAtMs, startMs) + (1 + REST) * tookMs;
    }
    this.#schedule();
  }
}
