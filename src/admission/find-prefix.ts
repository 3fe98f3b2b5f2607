import { byteAt } from '../model/byte-at.ts';
import {
  BRANCH_SHIFT,
  ENTRY,
  type Hit,
  type PrefixTable,
  type PrefixTrie,
  SKIP_MASK,
} from '../model/prefix-table.ts';
import { wordAt } from '../model/word-at.ts';

const NONE = -1;

/** 32 bits of the key from bit `at` on, at least 25 of which are of it; after its end come zeros. */
function windowOf(key: Uint8Array, at: number): number {
  const byte = at >>> 3;
  const word =
    (byteAt(key, byte) << 24) |
    (byteAt(key, byte + 1) << 16) |
    (byteAt(key, byte + 2) << 8) |
    byteAt(key, byte + 3);
  return word << (at & 7);
}

/** The entry of the leaf where the bits of the key lead; those skipped on the way have yet to be compared. */
function descend({ nodes }: PrefixTrie, key: Uint8Array): number {
  let node = 0;
  let at = 0;
  for (;;) {
    const shape = wordAt(nodes, node);
    const target = wordAt(nodes, node + 1);
    const branch = shape >>> BRANCH_SHIFT;
    if (branch === 0) return target;
    at += shape & SKIP_MASK;
    node = 2 * (target + (windowOf(key, at) >>> (32 - branch)));
    at += branch;
  }
}

function isInEntry(
  { entries, wordsPerKey }: PrefixTrie,
  { base, key }: { base: number; key: Uint8Array },
): boolean {
  let left = wordAt(entries, base + wordsPerKey + ENTRY.length);
  for (let word = 0; left > 0; word++, left -= 32) {
    const difference = wordAt(entries, base + word) ^ windowOf(key, word * 32);
    if ((left >= 32 ? difference : difference >>> (32 - left)) !== 0) return false;
  }
  return true;
}

/** Where the entry of the longest prefix that the key begins with is, or NONE. */
function findEntry(trie: PrefixTrie, key: Uint8Array): number {
  const { nodes, entries, wordsPerKey } = trie;
  if (nodes.length === 0) return NONE;
  const stride = wordsPerKey + ENTRY.fields;
  let number = descend(trie, key) + 1;
  while (number > 0) {
    const base = (number - 1) * stride;
    if (isInEntry(trie, { base, key })) return base;
    number = wordAt(entries, base + wordsPerKey + ENTRY.parent);
  }
  return NONE;
}

/** The longest prefix of the table that the key (see addressKey) begins with. */
export function findPrefix(table: PrefixTable, key: Uint8Array): Hit | undefined {
  const trie = key.length === 4 ? table.v4 : table.v6;
  const base = findEntry(trie, key);
  if (base === NONE) return undefined;
  const fields = base + trie.wordsPerKey;
  return {
    length: wordAt(trie.entries, fields + ENTRY.length),
    value: wordAt(trie.entries, fields + ENTRY.value),
  };
}
