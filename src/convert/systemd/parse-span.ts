const SECOND = 1000;
const DAY = 86_400 * SECOND;

/** Words of systemd.time(7), in milliseconds. */
const UNITS: Readonly<Record<string, number>> = {
  ...{ usec: 0.001, us: 0.001, µs: 0.001, μs: 0.001, msec: 1, ms: 1 },
  ...{ seconds: SECOND, second: SECOND, sec: SECOND, s: SECOND },
  ...{ minutes: 60_000, minute: 60_000, min: 60_000, m: 60_000 },
  ...{ hours: 3_600_000, hour: 3_600_000, hr: 3_600_000, h: 3_600_000 },
  ...{ days: DAY, day: DAY, d: DAY, weeks: 7 * DAY, week: 7 * DAY, w: 7 * DAY },
  ...{ months: 30.4375 * DAY, month: 30.4375 * DAY, M: 30.4375 * DAY },
  ...{ years: 365.25 * DAY, year: 365.25 * DAY, y: 365.25 * DAY },
};

const PART = /^([0-9]+(?:\.[0-9]+)?|\.[0-9]+)[ \t]*([A-Za-zµμ]*)[ \t]*/;

/** A time span such as `2min 200ms`, in milliseconds; Infinity for `infinity`, undefined for what is none. */
export function parseSpanMs(text: string, unitMs: number = SECOND): number | undefined {
  if (text === 'infinity') return Number.POSITIVE_INFINITY;
  let rest = text;
  let sum = 0;
  do {
    const [whole, digits, word = ''] = PART.exec(rest) ?? [];
    const unit = word === '' ? unitMs : Object.hasOwn(UNITS, word) ? UNITS[word] : undefined;
    if (whole === undefined || unit === undefined) return undefined;
    sum += Number(digits) * unit;
    rest = rest.slice(whole.length);
  } while (rest !== '');
  return sum;
}

/** In words of ours. What is less than a millisecond more is one more. */
export function spanText(spanMs: number): string {
  const ms = Math.ceil(spanMs);
  return ms % SECOND === 0 ? `${ms / SECOND}s` : `${ms}ms`;
}
