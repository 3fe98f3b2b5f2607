import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ABSENT, KeySets } from '../../src/admission/key-sets.ts';
import { keyedHash } from '../../src/admission/keyed-hash.ts';

const REFERENCE = 'test/admission/fixtures/half-sip-hash.py';

/** The published results for the key 00 01 .. 07 and the messages 00 01 .. of 4, 8, 12 bytes and so on. */
const PUBLISHED = [
  0x7e059ea6, 0x577999b1, 0x6b28096c, 0x8b31d501, 0x911bb605, 0x57150ad7, 0x0a4100d0, 0xbc6dda8d,
];

describe('the keyed hash', () => {
  test('gives the published results of HalfSipHash-1-3', () => {
    const hash = keyedHash(Uint32Array.of(0x03020100, 0x07060504));
    const message = Uint32Array.from({ length: 8 }, (_, word) => 0x03020100 + 0x04040404 * word);
    expect(PUBLISHED.map((_, index) => hash(message.subarray(0, index + 1)))).toEqual(PUBLISHED);
  });

  test('agrees with another implementation on any key and words', () => {
    const word = fc.integer({ min: 0, max: 0xffff_ffff });
    const cases = fc.sample(fc.tuple(fc.tuple(word, word), fc.array(word, { maxLength: 8 })), 2000);
    const hex = (words: readonly number[]) => Buffer.from(Uint32Array.from(words).buffer).toString('hex');
    const input = cases.map(([key, words]) => `${hex(key)} ${hex(words)}\n`).join('');
    const expected = execFileSync('python3', [REFERENCE], { input, encoding: 'utf8' }).trim().split('\n');
    const got = cases.map(([key, words]) =>
      String(keyedHash(Uint32Array.from(key))(Uint32Array.from(words))),
    );
    expect(got).toEqual(expected);
  });
});

describe('the sets of a table', () => {
  test('do not mistake one key for another whose hash is the same, or is zero', () => {
    for (const same of [0, 1, 0xffff_ffff]) {
      const sets = new KeySets({ capacity: 64, hash: () => same });
      const keys = Array.from(stride(16, 1));
      for (const [index, key] of keys.entries()) {
        expect(sets.find(key, 0)).toBe(ABSENT);
        sets.take(sets.first + index);
        expect(sets.isTaken(sets.first + index)).toBe(true);
      }
      expect(keys.map((key) => sets.find(key, 0) - sets.first)).toEqual(keys.map((_, index) => index));
      expect(keys.map((key) => sets.find(key, 1))).toEqual(keys.map(() => ABSENT));
      expect([sets.size, sets.first % 16, sets.first < 64]).toEqual([16, 0, true]);
    }
  });

  test('are as many as the capacity needs, and no table is made of nonsense', () => {
    const capacityOf = (capacity: number) => new KeySets({ capacity, hash: () => 0 }).capacity;
    expect([1, 16, 17, 65_536].map(capacityOf)).toEqual([16, 16, 32, 65_536]);
    for (const capacity of [0, -1, 1.5, Number.NaN, 2 ** 40])
      expect(() => capacityOf(capacity)).toThrow(/table/);
  });

  /** How many of the keys are in each set. */
  function crowds(keys: Iterable<Uint32Array>, hashKey: readonly [number, number]): number[] {
    const sets = new KeySets({ capacity: 65_536, hash: keyedHash(Uint32Array.from(hashKey)) });
    const counts = new Array<number>(65_536 / 16).fill(0);
    for (const key of keys) {
      sets.find(key, 0);
      counts[sets.first / 16] = (counts[sets.first / 16] ?? 0) + 1;
    }
    return counts;
  }

  function* stride(count: number, step: number): Generator<Uint32Array> {
    for (let number = 0; number < count; number++) yield Uint32Array.of(0, 0, 0xffff, number * step);
  }

  test('are filled evenly by addresses that are anything but random (S78)', () => {
    for (const step of [1, 256, 4096, 65_536]) {
      // 24 to a set on average, with a standard deviation of 4.9.
      const counts = crowds(stride(98_304, step), [0x1234_5678, 0x9abc_def0]);
      expect(Math.max(...counts)).toBeLessThan(60);
      expect(Math.min(...counts)).toBeGreaterThan(2);
    }
  });

  test('do not let 100,000 keys meet in one place that were chosen to under another key (S78)', () => {
    const chosen = Array.from(stride(100_000, 40_503)).sort((a, b) => {
      const hash = keyedHash(Uint32Array.of(1, 2));
      return hash(Uint32Array.of(...a, 0)) - hash(Uint32Array.of(...b, 0));
    });
    // The first 2,000 by that order are all in the lowest 82 of 4,096 sets.
    const worst = chosen.slice(0, 2000);
    expect(Math.max(...crowds(worst, [1, 2]))).toBeGreaterThan(15);
    expect(Math.max(...crowds(worst, [3, 4]))).toBeLessThan(10);
  });
});
