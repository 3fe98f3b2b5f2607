import { describe, expect, test } from 'vitest';
import { ReplyBudget } from '../../src/builtins/reply-budget.ts';

/** How many of `count` requests are answered, one each `everyMs`. */
function answered(
  budget: ReplyBudget,
  options: { hash: (n: number) => number; count: number; everyMs: number },
) {
  const { hash, count, everyMs } = options;
  let taken = 0;
  for (let n = 0; n < count; n++) if (budget.take(hash(n), n * everyMs)) taken++;
  return taken;
}

describe('the budget of datagrams (S65)', () => {
  test('answers twenty of one source at once, and ten a second from then on', () => {
    expect(answered(new ReplyBudget(), { hash: () => 5, count: 1000, everyMs: 0 })).toBe(20);
    const ofTenSeconds = answered(new ReplyBudget(), { hash: () => 5, count: 10_000, everyMs: 1 });
    expect(ofTenSeconds).toBeGreaterThanOrEqual(118);
    expect(ofTenSeconds).toBeLessThanOrEqual(120);
  });

  test('answers five hundred of all sources at once, and as many a second from then on', () => {
    expect(answered(new ReplyBudget(), { hash: (n) => n, count: 4000, everyMs: 0 })).toBe(500);
    const ofTwoSeconds = answered(new ReplyBudget(), { hash: (n) => n, count: 20_000, everyMs: 0.1 });
    expect(ofTwoSeconds).toBeGreaterThanOrEqual(1498);
    expect(ofTwoSeconds).toBeLessThanOrEqual(1500);
  });

  test('lets no source use up what another has', () => {
    const budget = new ReplyBudget();
    for (let n = 0; n < 100_000; n++) budget.take(5, 0);
    expect(budget.take(6, 0)).toBe(true);
  });
});
