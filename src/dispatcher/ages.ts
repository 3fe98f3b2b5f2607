import type { World } from './world.ts';

/** Many that are due one after the other are found in one look. */
const LEAST_REST_MS = 100;
/** Timers take no more than this; a longer wait looks again. */
const MOST_TIMER_MS = 2 ** 31 - 1;

export interface AgesOptions {
  readonly world: Pick<World, 'nowMs' | 'after'>;
  /** Ends all that are too old; gives when the next one is. */
  readonly endOld: (nowMs: number) => number;
}

/** One timer for the ages of all connections, however many there are. */
export class Ages {
  readonly #options: AgesOptions;
  #dueMs = Number.POSITIVE_INFINITY;
  #restedMs = Number.NEGATIVE_INFINITY;
  #callOff: (() => void) | undefined;

  constructor(options: AgesOptions) {
    this.#options = options;
  }

  /** Somebody will be too old by then. */
  expect(dueMs: number): void {
    if (dueMs >= this.#dueMs) return;
    this.#callOff?.();
    this.#dueMs = dueMs;
    const { world } = this.#options;
    const waitMs = Math.max(dueMs, this.#restedMs) - world.nowMs();
    this.#callOff = world.after(Math.min(Math.max(0, Math.ceil(waitMs)), MOST_TIMER_MS), () => this.look());
  }

  /** Other ages are too old now, or somebody is. */
  look(): void {
    this.#callOff?.();
    this.#callOff = undefined;
    this.#dueMs = Number.POSITIVE_INFINITY;
    const nowMs = this.#options.world.nowMs();
    this.#restedMs = nowMs + LEAST_REST_MS;
    this.expect(this.#options.endOld(nowMs));
  }
}
