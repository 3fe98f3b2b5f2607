import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dropProbability, isDroppedEarly } from '../../src/admission/early-drop.ts';

describe('early drop', () => {
  test('rises from the soft limit to the hard one as MaxStartups 10:30:100 does', () => {
    const limits = { soft: 10, hard: 100, dropPercent: 30 };
    const at = (running: number) => dropProbability(limits, running);
    expect([0, 9, 10, 11, 12, 13, 55, 98, 99, 100, 101].map(at)).toEqual([
      0, 0, 0.3, 0.3, 0.31, 0.32, 0.65, 0.98, 0.99, 1, 1,
    ]);
  });

  test('drops all from the soft limit on where that is written, and none where nothing is', () => {
    expect(dropProbability({ soft: 2, hard: 5, dropPercent: 100 }, 2)).toBe(1);
    expect(dropProbability({ soft: 2, hard: 5, dropPercent: 0 }, 2)).toBe(0);
    expect(dropProbability({ soft: 5, hard: 5, dropPercent: 50 }, 4)).toBe(0);
    expect(dropProbability({ soft: 5, hard: 5, dropPercent: 50 }, 5)).toBe(1);
  });

  test('never drops below the soft limit, always does from the hard one, and never less when more run', () => {
    const limits = fc.record({
      soft: fc.nat({ max: 1000 }),
      hard: fc.nat({ max: 1000 }),
      dropPercent: fc.integer({ min: 0, max: 100 }),
    });
    fc.assert(
      fc.property(limits, fc.nat({ max: 1100 }), (drop, running) => {
        const probability = dropProbability(drop, running);
        expect(probability).toBeGreaterThanOrEqual(0);
        expect(dropProbability(drop, running + 1)).toBeGreaterThanOrEqual(probability);
        if (running < Math.min(drop.soft, drop.hard)) expect(probability).toBe(0);
        if (running >= drop.hard) expect(isDroppedEarly(drop, { running, roll: 0.999_999 })).toBe(true);
      }),
    );
  });

  test('is decided by the number that was drawn', () => {
    const limits = { soft: 10, hard: 100, dropPercent: 30 };
    const dropped = (roll: number) => isDroppedEarly(limits, { running: 10, roll });
    expect([0, 0.299, 0.3, 0.999].map(dropped)).toEqual([true, true, false, false]);
    expect(isDroppedEarly(limits, { running: 9, roll: 0 })).toBe(false);
  });
});
