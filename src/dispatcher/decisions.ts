import type { Decision } from '../model/decision.ts';

const MOST_ENTRIES = 4096;

interface Entry {
  readonly decision: Decision;
  readonly untilMs: number;
}

/** Decisions of others, kept for as long as the configuration allows; the oldest go first. */
export class Decisions {
  readonly #entries = new Map<string, Entry>();

  get(key: string, nowMs: number): Decision | undefined {
    const entry = this.#entries.get(key);
    return entry && entry.untilMs > nowMs ? entry.decision : undefined;
  }

  /** A failure is no decision, and is not kept. */
  keep(key: string, { decision, untilMs }: Entry): void {
    if (decision.kind === 'undecided') return;
    this.#entries.delete(key);
    this.#entries.set(key, { decision, untilMs });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MOST_ENTRIES && oldest !== undefined) this.#entries.delete(oldest);
  }
}
