import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addPenalty, type Penalty, penaltyMs } from '../../src/admission/penalty.ts';

const POLICY = {
  crashMs: 90_000,
  refusedMs: 10_000,
  tooFastMs: 5_000,
  timeLimitMs: 20_000,
  exitStatus: [{ status: 111, penaltyMs: 7_000 }],
  thresholdMs: 15_000,
  maxMs: 600_000,
};

describe('a penalty', () => {
  test('depends on the outcome, and an exit status that is not listed costs nothing', () => {
    const outcomes = [
      'crash',
      'refused',
      'too_fast',
      'time_limit',
      { exitStatus: 111 },
      { exitStatus: 1 },
    ] as const;
    expect(outcomes.map((outcome) => penaltyMs(POLICY, outcome))).toEqual([
      90_000, 10_000, 5_000, 20_000, 7_000, 0,
    ]);
  });

  test('comes into force once the threshold lies ahead, and stays so until it has expired', () => {
    const add = (before: Penalty | undefined, now: number, addMs: number) =>
      addPenalty(before, { addMs, now, limits: POLICY });
    const first = add(undefined, 1000, 10_000);
    expect(first).toEqual({ until: 11_000, inForce: false });
    const second = add(first, 2000, 10_000);
    expect(second).toEqual({ until: 21_000, inForce: true });
    // 6 seconds are left and 5 come: below the threshold, yet in force.
    expect(add(second, 15_000, 5_000)).toEqual({ until: 26_000, inForce: true });
    expect(add(second, 21_000, 10_000)).toEqual({ until: 31_000, inForce: false });
  });

  test('is in force at once when it is the threshold exactly, at any time of the clock', () => {
    // Where the sum has fewer digits after the point than the clock had.
    for (let step = 0; step < 1000; step++) {
      const now = 2 ** (10 + (step % 25)) - step * 0.013;
      expect(addPenalty(undefined, { addMs: 15_000, now, limits: POLICY }).inForce).toBe(true);
    }
  });

  test('never lasts longer than the maximum from the last one on, and is never shortened', () => {
    const steps = fc.array(fc.record({ gapMs: fc.nat({ max: 100_000 }), addMs: fc.nat({ max: 200_000 }) }), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(steps, (list) => {
        let penalty: Penalty | undefined;
        let now = 0;
        for (const { gapMs, addMs } of list) {
          now += gapMs;
          const next = addPenalty(penalty, { addMs, now, limits: POLICY });
          expect(next.until).toBeLessThanOrEqual(now + POLICY.maxMs);
          expect(next.until).toBeGreaterThanOrEqual(penalty?.until ?? 0);
          if (next.inForce && !penalty?.inForce) expect(next.until - now).toBeGreaterThanOrEqual(15_000);
          penalty = next;
        }
      }),
    );
  });

  test('does not shorten a ban that lasts longer than the maximum', () => {
    const forever = { until: Number.POSITIVE_INFINITY, inForce: true };
    expect(addPenalty(forever, { addMs: 1000, now: 5, limits: POLICY })).toEqual(forever);
  });
});
