import { describe, expect, test } from 'vitest';
import { WorkQueue } from '../../src/resolver/work-queue.ts';

describe('a queue of work', () => {
  test('runs so many jobs at once, keeps so many more in order, and takes no other (promise 5)', async () => {
    const queue = new WorkQueue({ atOnce: 2, mostWaiting: 3 });
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const job = (number: number) => () =>
      new Promise<void>((done) => {
        begun.push(number);
        ends.push(done);
      });
    expect([1, 2, 3, 4, 5, 6].map((number) => queue.add(job(number)))).toEqual([
      true,
      true,
      true,
      true,
      true,
      false,
    ]);
    expect(begun).toEqual([1, 2]);
    ends[1]?.();
    await new Promise(setImmediate);
    expect(begun).toEqual([1, 2, 3]);
    expect([queue.add(job(7)), queue.add(job(8))]).toEqual([true, false]);
    for (let at = 0; at < 6; at++) {
      ends[at]?.();
      await new Promise(setImmediate);
    }
    expect(begun).toEqual([1, 2, 3, 4, 5, 7]);
    expect(queue.add(job(9))).toBe(true);
    expect(begun.at(-1)).toBe(9);
  });
});
