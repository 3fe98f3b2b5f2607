import { wordAt } from '../model/word-at.ts';

/** How an address is counted; see source-key.ts. */
export type SourceKind = 'ipv4' | 'nat64' | 'ipv6' | 'sixToFour' | 'linkLocal' | 'local';

const MAPPED_WORD = 0xffff;
const NAT64_WORD = 0x0064ff9b;
const SIX_TO_FOUR = 0x2002;

/** Of the four words of an address, or of a source key. */
export function sourceKind(words: Uint32Array): SourceKind {
  const first = wordAt(words, 0);
  if (words[1] === 0) {
    if (first === 0 && words[2] === MAPPED_WORD) return 'ipv4';
    if (first === NAT64_WORD && words[2] === 0) return 'nat64';
  }
  if (first >>> 16 === SIX_TO_FOUR) return 'sixToFour';
  if (first >>> 24 === 0xff) return 'local';
  return first >>> 22 === 0xfe80 >>> 6 ? 'linkLocal' : 'ipv6';
}
