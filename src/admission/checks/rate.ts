import type { Rate } from '../../model/rate.ts';
import type { CheckOutcome } from '../../model/verdict.ts';
import { type Moment, type RateLimit, retryAfterMs } from '../gcra.ts';

/** Whether a rate allows one more, and in how long it will. */
export function checkRate(
  limit: RateLimit | undefined,
  figures: { readonly rate: Rate | undefined; readonly moment: Moment },
): Omit<CheckOutcome, 'check'> {
  const { rate, moment } = figures;
  const retryMs = limit ? retryAfterMs(limit, moment) : 0;
  return { passed: retryMs === 0, limit: rate?.count, perMs: rate?.perMs, retryMs };
}
