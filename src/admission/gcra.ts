import { InvariantError } from '../model/errors.ts';
import type { Rate } from '../model/rate.ts';

/** A rate, ready to be asked. */
export interface RateLimit {
  readonly intervalMs: number;
  /** How far arrivals may run ahead of the clock. */
  readonly aheadMs: number;
}

/** Where a source stands: its theoretical arrival time, 0 for a new one, and the clock. */
export interface Moment {
  readonly arrival: number;
  readonly now: number;
}

/** All times are multiples of this part of a millisecond. */
const PARTS_OF_MS = 65_536;

/** Nobody is ever let in. */
const NEVER: RateLimit = { intervalMs: Number.POSITIVE_INFINITY, aheadMs: Number.NEGATIVE_INFINITY };

/**
 * The limit of a rate, by the generic cell rate algorithm (ITU-T I.371): one number for each source instead of a
 * history. In every window of `t` milliseconds no more than `burst + t / intervalMs` are allowed.
 *
 * The interval is rounded up to a 65,536th of a millisecond and the clock down to one. So all sums are exact, for
 * four years of uptime, and a burst is exactly that, which it is not when a third of a second is added up.
 */
export function rateLimit({ count, perMs, burst }: Rate): RateLimit {
  if (count === 0) return NEVER;
  if (!(count > 0 && perMs > 0 && Number.isSafeInteger(burst) && burst >= 1)) {
    throw new InvariantError(`Cannot limit a rate to ${count} per ${perMs} ms with a burst of ${burst}`);
  }
  const intervalMs = Math.ceil((perMs * PARTS_OF_MS) / count) / PARTS_OF_MS;
  return { intervalMs, aheadMs: (burst - 1) * intervalMs };
}

/** The arrival time after one more, to be kept if it is let in; one that is refused costs nothing. */
export function nextArrival(limit: RateLimit, { arrival, now }: Moment): number {
  return Math.max(arrival, wholeParts(now)) + limit.intervalMs;
}

/** After how many whole milliseconds the next one is allowed; 0 for at once. */
export function retryAfterMs(limit: RateLimit, { arrival, now }: Moment): number {
  return Math.max(0, Math.ceil(arrival - limit.aheadMs - wholeParts(now)));
}

function wholeParts(now: number): number {
  return Math.floor(now * PARTS_OF_MS) / PARTS_OF_MS;
}
