/** A rate with a burst, as the time at which it would be used up: GCRA. */
interface Rate {
  readonly intervalMs: number;
  readonly burst: number;
}

/** Enough for a person or a monitor. A loop is at most as fast as this, and one that is faster ends: its datagram is lost. */
const OF_ONE: Rate = { intervalMs: 100, burst: 20 };
/** Of all sources together: what can be sent to addresses that somebody made up. */
const OF_ALL: Rate = { intervalMs: 2, burst: 500 };
/** Sources share places, so that memory is bounded; who shares one has less. */
const PLACES = 4096;

function isSpent(
  { intervalMs, burst }: Rate,
  { arrival, nowMs }: { arrival: number; nowMs: number },
): boolean {
  return arrival - nowMs > (burst - 1) * intervalMs;
}

function charged({ intervalMs }: Rate, { arrival, nowMs }: { arrival: number; nowMs: number }): number {
  return Math.max(arrival, nowMs) + intervalMs;
}

/** How many datagrams are answered: for each source, and for all of them (S65). */
export class ReplyBudget {
  readonly #arrivals = new Float64Array(PLACES);
  #ofAll = 0;

  /** Whether one more may go to a source, which is charged then. `hash` is that of the source. */
  take(hash: number, nowMs: number): boolean {
    const place = hash % PLACES;
    const arrival = this.#arrivals[place] ?? 0;
    if (isSpent(OF_ONE, { arrival, nowMs }) || isSpent(OF_ALL, { arrival: this.#ofAll, nowMs })) return false;
    this.#arrivals[place] = charged(OF_ONE, { arrival, nowMs });
    this.#ofAll = charged(OF_ALL, { arrival: this.#ofAll, nowMs });
    return true;
  }
}
