import { FAILURE_REASONS } from '../../src/model/failure-reason.ts';
import type { LogRecords } from './log-records.ts';

const REASONS: ReadonlySet<string> = new Set(FAILURE_REASONS);

/** Whether a record that counts many is of those that failed, rather than were refused. */
export function isFailureReason(reason: string | undefined): boolean {
  return reason !== undefined && REASONS.has(reason);
}

/** How many failed, for a reason or at all, as the log has them: one by one, and, of many, in sums that come within ten seconds. */
export function countFailures(log: Pick<LogRecords, 'all'>, of?: string): number {
  const records = log.all.filter(({ reason }) => of === undefined || reason === of);
  return records.reduce((sum, { event, reason, count }) => {
    if (event === 'failed') return sum + 1;
    return event === 'refused-more' && isFailureReason(reason) ? sum + Number(count) : sum;
  }, 0);
}
