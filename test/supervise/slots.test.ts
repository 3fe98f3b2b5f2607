import { describe, expect, test } from 'vitest';
import { decodeEndings, encodeEndings, type KeptEnding } from '../../src/supervise/ending-slot.ts';
import { decodeNameSlot, encodeNameSlot } from '../../src/supervise/name-slot.ts';
import { nameSlotOffset, readNameState } from '../../src/supervise/name-state.ts';

const ENDINGS: readonly KeptEnding[] = [
  { slot: 10n, pid: 42, startedAtMs: 1.5e12, killAtAgeMs: 7000, why: 'killed' },
  { slot: 2n ** 40n, pid: 43, startedAtMs: 1.6e12, killAtAgeMs: 0, why: 'stopping' },
];
const NAMES = { sequence: 3, names: ['echo', 'a.b+c_d-e'] };

/** What a decoder makes of it with each of its bits changed, one by one. */
function flipped<T>(bytes: Uint8Array, decode: (bytes: Uint8Array) => T): readonly T[] {
  return Array.from({ length: 8 * bytes.length }, (_, bit) => {
    const changed = Uint8Array.from(bytes);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    return decode(changed);
  });
}

describe('a slot of the state file', () => {
  test('is what was written, and nothing where a bit of it is another, in its header as well (S115)', () => {
    const endings = encodeEndings(ENDINGS);
    expect(decodeEndings(endings)).toEqual(ENDINGS);
    expect(flipped(endings, decodeEndings).filter((it) => it !== undefined)).toEqual([]);
    const names = encodeNameSlot(NAMES);
    expect(decodeNameSlot(names)).toEqual(NAMES);
    expect(flipped(names, decodeNameSlot).filter((it) => it !== undefined)).toEqual([]);
  });

  test('is nothing where it is cut short or goes on (S115)', () => {
    for (const [bytes, decode] of [
      [encodeEndings(ENDINGS), decodeEndings],
      [encodeNameSlot(NAMES), decodeNameSlot],
    ] as const) {
      for (let length = 0; length < bytes.length; length++)
        expect(decode(bytes.subarray(0, length))).toBeUndefined();
      expect(decode(Uint8Array.from([...bytes, 0]))).toBeUndefined();
    }
  });
});

test('of two slots of names the newer counts that is whole (S115)', () => {
  const file = new Map(
    [3, 4].map((sequence) => [
      nameSlotOffset(sequence),
      encodeNameSlot({ sequence, names: [`n${sequence}`] }),
    ]),
  );
  const read = (offset: number, length: number) => file.get(offset)?.slice(0, length);
  expect(readNameState(read)).toEqual({ slot: { sequence: 4, names: ['n4'] }, damaged: [] });
  const newest = file.get(nameSlotOffset(4));
  if (newest) newest[newest.length - 1] = 0x21;
  expect(readNameState(read)).toEqual({ slot: { sequence: 3, names: ['n3'] }, damaged: [0] });
});
