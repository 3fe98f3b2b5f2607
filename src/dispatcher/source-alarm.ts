import type { Bus } from '../events/bus.ts';

/** How often it is told that sources go untracked. */
const TELL_MS = 60_000;

/** Says when the table of sources is too small: then limits of one source do not hold for all of them. */
export class SourceAlarm {
  readonly #bus: Bus;
  #told = 0;
  #atMs = Number.NEGATIVE_INFINITY;

  constructor(bus: Bus) {
    this.#bus = bus;
  }

  /** `untracked` is how many there have been so far. */
  note(untracked: number, nowMs: number): void {
    if (untracked === this.#told || nowMs - this.#atMs < TELL_MS) return;
    this.#bus.emit({ type: 'sources-full', untracked: untracked - this.#told });
    this.#told = untracked;
    this.#atMs = nowMs;
  }
}
