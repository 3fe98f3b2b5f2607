import type { PrefixList } from '../model/prefix-list.ts';
import type { PrefixTable } from '../model/prefix-table.ts';
import { buildPrefixTrie } from './prefix-trie.ts';

/** The list made ready for look-ups. Of equal prefixes the first written counts. */
export function buildPrefixTable(list: PrefixList, file?: string): PrefixTable {
  return { file, v4: buildPrefixTrie(list.v4), v6: buildPrefixTrie(list.v6) };
}
