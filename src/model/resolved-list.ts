import type { NameRule, PeerRule } from './policy.ts';
import type { PrefixList } from './prefix-list.ts';

/** Address rules and the file that the lines are of. */
export interface ListedPrefixes {
  readonly file: string;
  readonly list: PrefixList;
}

/** An access list with every file read and every network looked up; compile/ makes tables of it. */
export interface ResolvedList {
  /** What is written in the configuration itself comes first; then its files, one object for each path. */
  readonly prefixes: readonly ListedPrefixes[];
  readonly names: readonly NameRule[];
  readonly peers: readonly PeerRule[];
}
