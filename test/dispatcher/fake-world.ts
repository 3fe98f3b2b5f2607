import type { World } from '../../src/dispatcher/world.ts';
import { FULL_VIEW } from '../../src/logging/record-view.ts';

/** A world whose clock stands still until a test moves it. */
export class FakeWorld implements World {
  readonly log: World['log'] = {
    ...{ subscriber: () => {}, use: () => {}, reopen: () => {}, close: (done) => done() },
    viewOf: () => FULL_VIEW,
    follow: () => () => {},
  };
  readonly state = undefined;
  readonly version = '1.2.3';
  readonly pids = { spawner: 100, dispatcher: 101 };
  timeMs = 1_000_000;
  loadNow = 0;
  readonly #timers = new Map<number, { readonly atMs: number; readonly callback: () => void }>();
  #nextTimer = 0;

  readonly nowMs = (): number => this.timeMs;
  readonly wallMs = (): number => Date.UTC(2026, 0, 9, 12) + this.timeMs - 1_000_000;
  readonly load = (): number => this.loadNow;
  readonly roll = (): number => 0.5;
  readonly secret = (): Uint32Array => Uint32Array.of(1, 2);
  readonly exit = (): void => {};

  readonly after = (delayMs: number, callback: () => void): (() => void) => {
    const id = this.#nextTimer++;
    this.#timers.set(id, { atMs: this.timeMs + delayMs, callback });
    return () => this.#timers.delete(id);
  };

  /** Lets time pass, and everything happen that is due by then, in its order. */
  pass(durationMs: number): void {
    const endMs = this.timeMs + durationMs;
    for (;;) {
      const due = [...this.#timers].filter(([, { atMs }]) => atMs <= endMs);
      const next = due.sort(([, left], [, right]) => left.atMs - right.atMs)[0];
      if (!next) break;
      const [id, { atMs, callback }] = next;
      this.#timers.delete(id);
      this.timeMs = Math.max(this.timeMs, atMs);
      callback();
    }
    this.timeMs = endMs;
  }
}
