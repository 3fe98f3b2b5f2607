const MINUTE_MS = 60_000;

/** What the clock on a wall shows at `wallMs`, as if it hung in UTC, to the minute. */
export type ReadLocalClock = (wallMs: number) => number;

function formatOf(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
}

/**
 * The clock of a time zone, both changes of daylight saving time included. It is asked for each connection,
 * so that it keeps the minute of the last question: offsets are whole minutes since 1972.
 */
export function localClock(timeZone: string): ReadLocalClock {
  const format = formatOf(timeZone);
  let knownMinute = Number.NaN;
  let localMs = Number.NaN;
  return (wallMs) => {
    const minute = Math.floor(wallMs / MINUTE_MS);
    if (minute === knownMinute) return localMs;
    const parts = new Map(format.formatToParts(minute * MINUTE_MS).map(({ type, value }) => [type, value]));
    const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type));
    localMs = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'));
    knownMinute = minute;
    return localMs;
  };
}
