import { NODE_LINES } from './node-lines.ts';

/** Time enough to try the next line, and to tell users. */
const NOTICE_DAYS = 60;
const DAY_MS = 86_400_000;

/**
 * Lines that get no more fixes soon, or have got their last, without an excuse: they are to be dropped, or to be excused, in
 * the next release (S136). `today` is an ISO date such as 2026-12-31.
 */
export function endingLines(today: string): readonly number[] {
  const noticed = Date.parse(today) + NOTICE_DAYS * DAY_MS;
  return NODE_LINES.filter(({ endsOn, excuse }) => excuse === undefined && Date.parse(endsOn) <= noticed).map(
    ({ major }) => major,
  );
}
