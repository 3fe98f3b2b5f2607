import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AccessClock, accessClock } from '../../src/admission/access-times.ts';
import { parseAccessWindow } from '../../src/config/access-window.ts';
import type { AccessWindow } from '../../src/model/access-times.ts';
import { DAYS } from '../../src/model/access-times.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** A change of the clock in each of them, or an offset of half an hour; Apia left out a day. */
const CHANGES: Readonly<Record<string, readonly string[]>> = {
  'Europe/Berlin': ['2024-03-31T01:00Z', '2024-10-27T01:00Z'],
  'America/New_York': ['2023-03-12T07:00Z', '2023-11-05T06:00Z'],
  'Asia/Kolkata': ['2020-02-29T00:00Z'],
  'Pacific/Apia': ['2011-12-30T10:00Z', '2012-03-31T14:00Z'],
  'Australia/Lord_Howe': ['2024-04-06T15:00Z', '2024-10-05T15:30Z'],
  'America/Sao_Paulo': ['2018-11-04T03:00Z', '2018-02-18T02:00Z'],
};

function clockOf(texts: readonly string[], timeZone: string): AccessClock {
  const windows = texts.map((text) => {
    const window = parseAccessWindow(text);
    if ('reason' in window) throw new Error(`${text}: ${window.reason}`);
    return window as AccessWindow;
  });
  return accessClock({ windows, timeZone });
}

interface Case {
  readonly zone: string;
  readonly windows: readonly string[];
  readonly wallMs: number;
  readonly opening: boolean;
}

const twoDigits = (value: number) => String(value).padStart(2, '0');
const time = (minute: number) => `${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)}`;

const days = fc.oneof(
  fc.tuple(fc.constantFrom(...DAYS), fc.constantFrom(...DAYS)).map(([from, to]) => `${from}-${to} `),
  fc.subarray([...DAYS], { minLength: 1 }).map((names) => `${names.join(',')} `),
  fc.constant(''),
);

const windowText = fc
  .tuple(days, fc.nat({ max: 1439 }), fc.nat({ max: 1440 }))
  .filter(([, from, to]) => from !== to)
  .map(([names, from, to]) => `${names}${time(from)}-${time(to)}`);

/** Most within two days of a change of the clock. */
const caseOf = (opening: boolean): fc.Arbitrary<Case> =>
  fc.constantFrom(...Object.keys(CHANGES)).chain((zone) =>
    fc.record({
      zone: fc.constant(zone),
      windows: fc.array(windowText, { minLength: 1, maxLength: 3 }),
      wallMs: fc.oneof(
        {
          weight: 4,
          arbitrary: fc
            .tuple(
              fc.constantFrom(...(CHANGES[zone] ?? [])),
              fc.integer({ min: -2 * DAY_MS, max: 2 * DAY_MS }),
            )
            .map(([change, distanceMs]) => Date.parse(change) + distanceMs),
        },
        { weight: 1, arbitrary: fc.integer({ min: Date.UTC(1972, 1), max: Date.UTC(2025, 0) }) },
      ),
      opening: fc.constant(opening),
    }),
  );

function oracle(cases: readonly Case[]): readonly { open: boolean; opensAtMinute: number | null }[] {
  const options = { input: JSON.stringify(cases), maxBuffer: 64 * 1024 * 1024 };
  return JSON.parse(
    execFileSync('/usr/bin/python3', ['test/admission/fixtures/access-oracle.py'], options).toString(),
  );
}

describe('access times', () => {
  test('are open exactly when the wall clock of their zone says so, over every change of it', () => {
    const cases = fc.sample(caseOf(false), { numRuns: 20_000, seed: 7 });
    const answers = cases.map((it) => clockOf(it.windows, it.zone).isOpen(it.wallMs));
    expect(answers).toEqual(oracle(cases).map(({ open }) => open));
    expect(answers.filter((it) => it).length).toBeGreaterThan(4000);
  });

  test('say when they open next, to the minute, over every change of the clock', () => {
    const cases = fc.sample(caseOf(true), { numRuns: 400, seed: 8 });
    const answers = cases.map((it) => clockOf(it.windows, it.zone).opensAtMs(it.wallMs));
    const expected = oracle(cases).map(({ open, opensAtMinute }, index) =>
      open ? cases[index]?.wallMs : opensAtMinute === null ? undefined : opensAtMinute * MINUTE_MS,
    );
    expect(answers).toEqual(expected);
  });

  test('close at the very end and open at the very beginning of the minute', () => {
    const clock = clockOf(['08:00-18:00'], 'UTC');
    const day = Date.UTC(2026, 0, 9);
    const states = [8, 18].flatMap((hour) => [-1, 0].map((ms) => clock.isOpen(day + hour * 3_600_000 + ms)));
    expect(states).toEqual([false, true, true, false]);
  });

  test('over midnight belong to the day that they start on', () => {
    const clock = clockOf(['fri 22:00-06:00'], 'UTC');
    const friday = Date.UTC(2026, 0, 9);
    const hours = [1, 21, 22, 24, 29, 30, 46];
    expect(hours.filter((hour) => clock.isOpen(friday + hour * 3_600_000))).toEqual([22, 24, 29]);
  });

  test('follow a wall clock that jumps, at once and in both directions (S90)', () => {
    const clock = clockOf(['08:00-18:00'], 'Europe/Berlin');
    const noon = Date.parse('2026-01-09T11:00Z');
    const jumps = [0, 12 * 3_600_000, 0, -3_600_000 * 12, 1, -noon, Date.UTC(2038, 0, 19, 3, 14, 8) - noon];
    expect(jumps.map((by) => clock.isOpen(noon + by))).toEqual([
      true,
      false,
      true,
      false,
      true,
      false,
      false,
    ]);
  });

  test('that never come are not waited for', () => {
    expect(accessClock({ windows: [], timeZone: 'UTC' }).opensAtMs(0)).toBeUndefined();
    expect(accessClock({ windows: [], timeZone: 'UTC' }).isOpen(0)).toBe(false);
  });

  test('wait out a day that the zone leaves out, and an hour that the clock skips', () => {
    const skippedDay = clockOf(['fri 10:00-11:00'], 'Pacific/Apia');
    // Thursday the 29th noon; Friday the 30th never was; Friday the 6th 10:00 is UTC+14.
    expect(skippedDay.opensAtMs(Date.parse('2011-12-29T22:00Z'))).toBe(Date.parse('2012-01-05T20:00Z'));
    const skippedHour = clockOf(['sun 02:15-02:45'], 'Europe/Berlin');
    expect(skippedHour.opensAtMs(Date.parse('2024-03-30T12:00Z'))).toBe(Date.parse('2024-04-07T00:15Z'));
  });

  test('cost next to nothing for each connection of a minute', () => {
    const clock = clockOf(['08:00-18:00', 'sat 00:00-24:00'], 'America/New_York');
    const startMs = performance.now();
    let open = 0;
    for (let count = 0; count < 1_000_000; count++)
      if (clock.isOpen(Date.UTC(2026, 0, 9, 15) + count / 20)) open++;
    expect(open).toBe(1_000_000);
    // 2 µs each would be a formatter's cost for every question.
    expect(performance.now() - startMs).toBeLessThan(1000);
  });
});
