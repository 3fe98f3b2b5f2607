import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextArrival, rateLimit, retryAfterMs } from '../../src/admission/gcra.ts';
import type { Rate } from '../../src/model/rate.ts';

const DAY_MS = 86_400_000;

const rates = fc.record({
  count: fc.integer({ min: 1, max: 10_000 }),
  perMs: fc.integer({ min: 1, max: DAY_MS }),
  burst: fc.integer({ min: 1, max: 50 }),
});

/** Lets in whatever is allowed, and returns when that was. */
function allowedTimes(rate: Rate, times: Iterable<number>): number[] {
  const limit = rateLimit(rate);
  const allowed: number[] = [];
  let arrival = 0;
  for (const now of times) {
    if (retryAfterMs(limit, { arrival, now }) > 0) continue;
    arrival = nextArrival(limit, { arrival, now });
    allowed.push(now);
  }
  return allowed;
}

/** Many attempts at each moment, moments at every distance, up to two years of uptime. */
const attempts = fc
  .record({
    start: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 730 * DAY_MS, noNaN: true })),
    steps: fc.array(
      fc.record({
        gapMs: fc.oneof(
          fc.constant(0),
          fc.double({ min: 0, max: 10, noNaN: true }),
          fc.double({ min: 0, max: DAY_MS, noNaN: true }),
        ),
        tries: fc.integer({ min: 1, max: 60 }),
      }),
      { maxLength: 12 },
    ),
  })
  .map(({ start, steps }) => {
    let now = start;
    return steps.flatMap(({ gapMs, tries }) => {
      now += gapMs;
      return new Array<number>(tries).fill(now);
    });
  });

describe('the rate of a source', () => {
  test('is never more than the burst and its share in any window, after years of uptime', () => {
    fc.assert(
      fc.property(rates, attempts, (rate, times) => {
        const allowed = allowedTimes(rate, times);
        for (let from = 0; from < allowed.length; from++) {
          for (let to = from; to < allowed.length; to++) {
            const windowMs = (allowed[to] ?? 0) - (allowed[from] ?? 0) + 1 / 65_536;
            const most = rate.burst + (windowMs * rate.count) / rate.perMs;
            expect(to - from + 1).toBeLessThanOrEqual(most);
          }
        }
      }),
    );
  });

  test('gives the whole burst, and no more, while the clock stands still', () => {
    fc.assert(
      fc.property(rates, fc.double({ min: 0, max: 1000 * DAY_MS, noNaN: true }), (rate, now) => {
        expect(allowedTimes(rate, new Array<number>(rate.burst + 5).fill(now))).toHaveLength(rate.burst);
      }),
    );
  });

  test('is free again after the time that it says, and not a millisecond earlier', () => {
    fc.assert(
      fc.property(rates, fc.double({ min: 1, max: 1000 * DAY_MS, noNaN: true }), (rate, now) => {
        const limit = rateLimit(rate);
        let arrival = 0;
        while (retryAfterMs(limit, { arrival, now }) === 0) arrival = nextArrival(limit, { arrival, now });
        const waitMs = retryAfterMs(limit, { arrival, now });
        expect(retryAfterMs(limit, { arrival, now: now + waitMs }) === 0).toBe(true);
        expect(retryAfterMs(limit, { arrival, now: now + waitMs - 1.001 }) === 0).toBe(false);
        expect(retryAfterMs(limit, { arrival, now: now + waitMs })).toBe(0);
      }),
    );
  });

  test('is reached by one who keeps to it, for months', () => {
    const limit = rateLimit({ count: 3, perMs: 1000, burst: 1 });
    let arrival = 0;
    let now = 100 * DAY_MS + 0.1;
    for (let each = 0; each < 100_000; each++) {
      now += limit.intervalMs;
      expect(retryAfterMs(limit, { arrival, now }) === 0).toBe(true);
      arrival = nextArrival(limit, { arrival, now });
    }
    expect(limit.intervalMs).toBeCloseTo(1000 / 3, 4);
  });

  test('knows nothing any more of a source that has been away long enough', () => {
    const limit = rateLimit({ count: 10, perMs: 1000, burst: 5 });
    const arrival = nextArrival(limit, { arrival: 0, now: 50 });
    expect(nextArrival(limit, { arrival, now: 150 })).toBe(nextArrival(limit, { arrival: 0, now: 150 }));
  });

  test('cannot be made of nothing', () => {
    const bad = [
      { count: 1, perMs: 0, burst: 1 },
      { count: 1, perMs: 1000, burst: 0 },
      { count: 1, perMs: 1000, burst: 1.5 },
      { count: Number.NaN, perMs: 1000, burst: 1 },
    ];
    for (const rate of bad) expect(() => rateLimit(rate)).toThrow(/rate/);
  });
});

test('a rate of nothing lets nobody in, ever', () => {
  const limit = rateLimit({ count: 0, perMs: 60_000, burst: 0 });
  expect(retryAfterMs(limit, { arrival: 0, now: 0 })).toBe(Number.POSITIVE_INFINITY);
  expect(retryAfterMs(limit, { arrival: 0, now: 730 * DAY_MS })).toBe(Number.POSITIVE_INFINITY);
});
