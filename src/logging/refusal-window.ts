import { budgetOf, MOST_LEVEL, type RefusalBudget } from './refusal-budget.ts';

/** One level less for each such time without a flood: longer than a window, so that bursts with pauses gain nothing. */
const CALM_MS = 640_000;

/** The time for which refusals are counted together. Begins with a refusal, so that nothing runs while there is none. */
export class RefusalWindow {
  #level = 0;
  #budget: RefusalBudget = budgetOf(0);
  #sinceMs: number | undefined;
  #calmSinceMs = 0;

  get budget(): RefusalBudget {
    return this.#budget;
  }

  /** Undefined between windows. */
  get sinceMs(): number | undefined {
    return this.#sinceMs;
  }

  open(atMs: number): void {
    const levels = Math.min(this.#level, Math.floor((atMs - this.#calmSinceMs) / CALM_MS));
    if (levels > 0) this.#setLevel(this.#level - levels);
    this.#calmSinceMs += levels * CALM_MS;
    this.#sinceMs = atMs;
  }

  close(nowMs: number, options: { readonly wasFlood: boolean }): void {
    this.#sinceMs = undefined;
    if (!options.wasFlood) return;
    this.#setLevel(Math.min(this.#level + 1, MOST_LEVEL));
    this.#calmSinceMs = nowMs;
  }

  #setLevel(level: number): void {
    this.#level = level;
    this.#budget = budgetOf(level);
  }
}
