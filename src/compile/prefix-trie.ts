import type { PrefixColumns } from '../model/prefix-list.ts';
import { BRANCH_SHIFT, type PrefixTrie } from '../model/prefix-table.ts';
import { wordAt } from '../model/word-at.ts';
import { PrefixEntries } from './prefix-entries.ts';

/**
 * At least this part of the children of a node that branches on more than one bit is not empty. With a quarter
 * a million prefixes need 20 to 30 % more memory and are found no faster; a wider root made no difference
 * (bench/verdict).
 */
const FILL_FACTOR = 0.5;
const MOST_BRANCH_BITS = 20;
const FIRST_NODES = 16;

/** Leaves next to each other that begin with the same `at` bits. */
interface Range {
  readonly first: number;
  readonly count: number;
  readonly at: number;
}

/** The nodes of one trie while it is made. */
class TrieBuilder {
  readonly #entries: PrefixEntries;
  readonly #leaves: Uint32Array;
  #nodes = new Uint32Array(2 * FIRST_NODES);
  #count = 0;

  constructor(entries: PrefixEntries) {
    this.#entries = entries;
    this.#leaves = entries.leaves();
  }

  build(): Uint32Array {
    if (this.#leaves.length === 0) return new Uint32Array(0);
    this.#fill(this.#reserve(1), { first: 0, count: this.#leaves.length, at: 0 });
    return this.#nodes.slice(0, 2 * this.#count);
  }

  #fill(node: number, range: Range): void {
    const { first, count } = range;
    if (count === 1) {
      this.#setLeaf(node, first);
      return;
    }
    // Sorted, and none within another: what the first and the last have in common, all have.
    const at = this.#entries.commonBits(this.#entryOf(first), this.#entryOf(first + count - 1));
    const branch = this.#chooseBranch({ first, count, at });
    const children = this.#reserve(2 ** branch);
    this.#nodes[2 * node] = (at - range.at) | (branch << BRANCH_SHIFT);
    this.#nodes[2 * node + 1] = children;
    let next = first;
    for (let slot = 0; slot < 2 ** branch; slot++) {
      const start = next;
      while (next < first + count && this.#slotOf(next, { at, branch }) === slot) next += 1;
      if (next > start) this.#fill(children + slot, { first: start, count: next - start, at: at + branch });
      else this.#setLeaf(children + slot, this.#nearest({ first, count, at }, { next, slot, branch }));
    }
  }

  /**
   * The leaf that an empty slot stands for: the one with most bits in common, which is the one before or the one
   * after. An address that gets there and is in any prefix at all is in this one or in one around it.
   */
  #nearest(
    range: Range,
    gap: { readonly next: number; readonly slot: number; readonly branch: number },
  ): number {
    const { first, count, at } = range;
    if (gap.next === first) return first;
    if (gap.next === first + count) return gap.next - 1;
    const difference = (leaf: number): number => this.#slotOf(leaf, { at, branch: gap.branch }) ^ gap.slot;
    return Math.clz32(difference(gap.next - 1)) >= Math.clz32(difference(gap.next)) ? gap.next - 1 : gap.next;
  }

  #chooseBranch(range: Range): number {
    const most = Math.min(MOST_BRANCH_BITS, this.#entries.wordsPerKey * 32 - range.at);
    let branch = 1;
    while (branch < most) {
      const wanted = FILL_FACTOR * 2 ** (branch + 1);
      if (range.count < wanted || this.#countSlots(range, branch + 1) < wanted) break;
      branch += 1;
    }
    return branch;
  }

  #countSlots({ first, count, at }: Range, branch: number): number {
    let slots = 0;
    let previous = -1;
    for (let leaf = first; leaf < first + count; leaf++) {
      const slot = this.#slotOf(leaf, { at, branch });
      if (slot !== previous) slots += 1;
      previous = slot;
    }
    return slots;
  }

  #slotOf(leaf: number, { at, branch }: { readonly at: number; readonly branch: number }): number {
    return this.#entries.bitsOf(this.#entryOf(leaf), { at, count: branch });
  }

  #entryOf(leaf: number): number {
    return wordAt(this.#leaves, leaf);
  }

  #setLeaf(node: number, leaf: number): void {
    this.#nodes[2 * node] = 0;
    this.#nodes[2 * node + 1] = this.#entryOf(leaf);
  }

  #reserve(count: number): number {
    const first = this.#count;
    this.#count += count;
    if (2 * this.#count > this.#nodes.length) {
      const grown = new Uint32Array(Math.max(2 * this.#nodes.length, 2 * this.#count));
      grown.set(this.#nodes);
      this.#nodes = grown;
    }
    return first;
  }
}

/** Prefixes of one family as a trie. */
export function buildPrefixTrie(columns: PrefixColumns): PrefixTrie {
  const entries = new PrefixEntries(columns);
  const nodes = new TrieBuilder(entries).build();
  return { wordsPerKey: columns.wordsPerKey, nodes, entries: entries.finish() };
}
