import { describe, expect, test } from 'vitest';
import { fullPatience, losePatience } from '../../src/supervise/patience.ts';

/** When launches happen that all end at once, or after `lastsMs`, and are of no use; for ten seconds. */
function launchesOf(lastsMs: number): readonly number[] {
  const at: number[] = [];
  let patience = fullPatience(0);
  for (let now = 0; now < 10_000; ) {
    at.push(now);
    const lost = losePatience(patience, now + lastsMs);
    patience = lost.patience;
    now += lastsMs + lost.waitMs;
  }
  return at;
}

describe('patience with handlers that do nothing', () => {
  test.each([0, 1, 50, 99, 300, 999])(
    'allows ten launches in the first second and one a second then, when each lasts %d ms (S66)',
    (lastsMs) => {
      const at = launchesOf(lastsMs);
      for (let second = 1; second < 10; second++) {
        const sofar = at.filter((ms) => ms < second * 1000);
        expect(sofar.length).toBeLessThanOrEqual(10 + second - 1);
      }
    },
  );

  test('comes back with time, and no more than there was', () => {
    let patience = fullPatience(0);
    for (let count = 0; count < 10; count++) patience = losePatience(patience, 0).patience;
    expect(losePatience(patience, 0).waitMs).toBe(1000);
    expect(losePatience(patience, 500).waitMs).toBe(1000);
    expect(losePatience(patience, 2000).waitMs).toBe(0);
    expect(losePatience(patience, 1e9).patience.left).toBe(9);
  });
});
