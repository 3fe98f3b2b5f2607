import { byteAt } from '../model/byte-at.ts';
import type { PrefixColumns } from '../model/prefix-list.ts';
import { ENTRY } from '../model/prefix-table.ts';
import { wordAt } from '../model/word-at.ts';
import { sortPrefixes } from './sort-prefixes.ts';

/** The prefixes of a trie in their final order (see PrefixTrie), as it is being made. */
export class PrefixEntries {
  readonly wordsPerKey: 1 | 4;
  readonly #stride: number;
  readonly #entries: Uint32Array;
  #count = 0;

  constructor(columns: PrefixColumns) {
    this.wordsPerKey = columns.wordsPerKey;
    this.#stride = columns.wordsPerKey + ENTRY.fields;
    this.#entries = new Uint32Array(columns.count * this.#stride);
    for (const row of sortPrefixes(columns)) this.#append(columns, row);
  }

  lengthOf(entry: number): number {
    return wordAt(this.#entries, entry * this.#stride + this.wordsPerKey + ENTRY.length);
  }

  /** `count` bits of a key, at most 24, from bit `at` on. */
  bitsOf(entry: number, { at, count }: { readonly at: number; readonly count: number }): number {
    const first = this.#wordOf(entry, at >>> 5) << (at & 31);
    const second = (at & 31) === 0 ? 0 : this.#wordOf(entry, (at >>> 5) + 1) >>> (32 - (at & 31));
    return (first | second) >>> (32 - count);
  }

  /** How many bits two keys begin with alike, whatever the lengths of the prefixes. */
  commonBits(left: number, right: number): number {
    for (let word = 0; word < this.wordsPerKey; word++) {
      const difference = this.#wordOf(left, word) ^ this.#wordOf(right, word);
      if (difference !== 0) return word * 32 + Math.clz32(difference);
    }
    return this.wordsPerKey * 32;
  }

  /** The entries that have no other within. */
  leaves(): Uint32Array {
    const leaves = new Uint32Array(this.#count);
    let found = 0;
    for (let entry = 0; entry < this.#count; entry++) {
      if (entry + 1 < this.#count && this.#isWithin(entry + 1, entry)) continue;
      leaves[found++] = entry;
    }
    return leaves.slice(0, found);
  }

  finish(): Uint32Array {
    return this.#entries.slice(0, this.#count * this.#stride);
  }

  #wordOf(entry: number, word: number): number {
    return word < this.wordsPerKey ? wordAt(this.#entries, entry * this.#stride + word) : 0;
  }

  #isWithin(inner: number, outer: number): boolean {
    const length = this.lengthOf(outer);
    return length <= this.lengthOf(inner) && this.commonBits(inner, outer) >= length;
  }

  /** Rows come in order, so that the nearest prefix around one is the row before it or one around that. */
  #append(columns: PrefixColumns, row: number): void {
    const entry = this.#count;
    const base = entry * this.#stride;
    for (let word = 0; word < this.wordsPerKey; word++) {
      this.#entries[base + word] = wordAt(columns.keys, row * this.wordsPerKey + word);
    }
    this.#entries[base + this.wordsPerKey + ENTRY.length] = byteAt(columns.lengths, row);
    let around = entry - 1;
    while (around >= 0 && !this.#isWithin(entry, around)) around = this.#parentOf(around);
    // Of two that are the same the first written stays.
    if (around >= 0 && this.lengthOf(around) === this.lengthOf(entry)) return;
    this.#entries[base + this.wordsPerKey + ENTRY.parent] = around + 1;
    this.#entries[base + this.wordsPerKey + ENTRY.value] = wordAt(columns.values, row);
    this.#count += 1;
  }

  #parentOf(entry: number): number {
    return wordAt(this.#entries, entry * this.#stride + this.wordsPerKey + ENTRY.parent) - 1;
  }
}
