import { expect, test } from 'vitest';
import { byteAt } from '../../src/model/byte-at.ts';
import { itemAt } from '../../src/model/item-at.ts';
import { wordAt } from '../../src/model/word-at.ts';

test('what is known to be there is given, from either end, and what is not is a bug that is loud', () => {
  expect([itemAt(['a', 'b'], 0), itemAt('abc', -1), itemAt(Uint8Array.of(7), 0)]).toEqual(['a', 'c', 7]);
  for (const index of [2, -3]) expect(() => itemAt(['a', 'b'], index)).toThrow('report it');
});

test('an address goes on with zeros', () => {
  expect([byteAt(Uint8Array.of(1), 0), byteAt(Uint8Array.of(1), 1)]).toEqual([1, 0]);
  expect(wordAt(Uint32Array.of(0xffff_ffff), 0)).toBe(0xffff_ffff);
});
