/**
 * Prefixes of one family, ready to find the longest that an address begins with: a trie with level and path
 * compression (Nilsson and Karlsson, 1999). Plain typed arrays, since it travels to the dispatcher.
 */
export interface PrefixTrie {
  /** Of 32 bits, for each key: 1 or 4. */
  readonly wordsPerKey: 1 | 4;
  /**
   * Pairs; the first is the root's. A node: how many bits to skip, with the number of bits to branch on in
   * the bits from BRANCH_SHIFT up; where its 2^branch children begin. A leaf branches on none and gives the
   * number of an entry. Interleaved, so that a step costs one line of cache.
   */
  readonly nodes: Uint32Array;
  /**
   * The prefixes in order, a shorter one before those that it has within, each as the words of its key and,
   * after them, what ENTRY says. Interleaved for the same reason.
   */
  readonly entries: Uint32Array;
}

export const BRANCH_SHIFT = 8;
export const SKIP_MASK = 0xff;

/** Where the other fields of an entry are, counted from the end of its key. */
export const ENTRY = {
  length: 0,
  /** The number of the nearest prefix around this one, plus 1; 0 is none. */
  parent: 1,
  value: 2,
  fields: 3,
} as const;

/** What a rule or a file lists, for peers of either family. */
export interface PrefixTable {
  /** The file that the values are lines of; of rules in the configuration they mean what their owner says. */
  readonly file: string | undefined;
  readonly v4: PrefixTrie;
  readonly v6: PrefixTrie;
}

/** The longest prefix that an address begins with; prefixOf makes it visible. */
export interface Hit {
  /** In bits of the address's own family. */
  readonly length: number;
  readonly value: number;
}
