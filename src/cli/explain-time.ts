import { UsageError } from '../model/errors.ts';

const TIME = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?(Z|[+-]\d\d:\d\d)?)?$/;
const MINUTE_MS = 60_000;

/** How far the clock of the text is ahead of UTC; undefined for the clock of this machine. */
function parseOffsetMs(zone: string | undefined): number | undefined {
  if (zone === undefined) return undefined;
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d\d):(\d\d)$/.exec(zone) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
}

/** The local time of a moment, as fields from the year to the second. */
function fieldsOf(wallMs: number, offsetMs: number | undefined): readonly number[] {
  const date = new Date(
    wallMs - (offsetMs === undefined ? new Date(wallMs).getTimezoneOffset() * MINUTE_MS : -offsetMs),
  );
  const day = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
  return [...day, date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()];
}

/**
 * Milliseconds since the epoch of `2026-01-09`, `2026-01-09T08:00`, `2026-01-09 08:00:30`, on the clock of this
 * machine, or of `2026-01-09T08:00Z` and `2026-01-09T08:00+02:00`. A time that no clock showed, such as the
 * thirtieth of February or an hour that was left out, is none. Throws UsageError.
 */
export function parseExplainTime(text: string | undefined): number {
  if (text === undefined) return Date.now();
  const [, year, month, day, hour = 0, minute = 0, second = 0, zone] = TIME.exec(text) ?? [];
  const fields = [year, month, day, hour, minute, second].map(Number);
  const [y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0] = fields;
  const offsetMs = parseOffsetMs(zone);
  const wallMs =
    offsetMs === undefined
      ? new Date(y, mo - 1, d, h, mi, s).getTime()
      : Date.UTC(y, mo - 1, d, h, mi, s) - offsetMs;
  if (fieldsOf(wallMs, offsetMs).every((field, index) => field === fields[index])) return wallMs;
  throw new UsageError(`Cannot use "${text}" for --at: write a time such as "2026-01-09T08:00"`);
}
