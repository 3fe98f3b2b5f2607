import { byteAt } from '../model/byte-at.ts';
import type { PrefixColumns } from '../model/prefix-list.ts';
import { wordAt } from '../model/word-at.ts';

const DIGITS = 256;

/** One stable pass: `order` by the digit that each row has. */
function sortByDigit(order: Uint32Array, digitOf: (row: number) => number): Uint32Array {
  const starts = new Uint32Array(DIGITS + 1);
  for (const row of order) {
    const next = digitOf(row) + 1;
    starts[next] = wordAt(starts, next) + 1;
  }
  if (starts.includes(order.length, 1)) return order;
  for (let digit = 1; digit < DIGITS; digit++)
    starts[digit] = wordAt(starts, digit) + wordAt(starts, digit - 1);
  const sorted = new Uint32Array(order.length);
  for (const row of order) {
    const digit = digitOf(row);
    const place = wordAt(starts, digit);
    sorted[place] = row;
    starts[digit] = place + 1;
  }
  return sorted;
}

/**
 * The rows by key, a shorter prefix before a longer one, equal ones as they were written. By radix: its time is
 * linear, and it needs two arrays of numbers where sort() would fill the heap of the compiler.
 */
export function sortPrefixes(columns: PrefixColumns): Uint32Array {
  const { keys, lengths, wordsPerKey } = columns;
  let order: Uint32Array = new Uint32Array(columns.count);
  for (let row = 0; row < order.length; row++) order[row] = row;
  if (order.length < 2) return order;
  order = sortByDigit(order, (row) => byteAt(lengths, row));
  for (let word = wordsPerKey - 1; word >= 0; word--) {
    for (let shift = 0; shift < 32; shift += 8) {
      order = sortByDigit(order, (row) => (wordAt(keys, row * wordsPerKey + word) >>> shift) & 0xff);
    }
  }
  return order;
}
