import type { SourceKind } from './source-kind.ts';

/** How many leading bits of an address make one source. */
export interface SourcePrefixes {
  /** 8 to 32. */
  readonly ipv4: number;
  /** 16 to 128. One customer gets a /64: counted by address, one host could come as 2^64 sources (S49). */
  readonly ipv6: number;
}

const SIX_TO_FOUR_BITS = 48;

/** How many of the 128 bits of an address of a kind make one source; IPv4 is `::ffff:a.b.c.d`. */
export function sourceBits(kind: SourceKind, prefixes: SourcePrefixes): number {
  switch (kind) {
    case 'ipv4':
    case 'nat64':
      return 96 + prefixes.ipv4;
    case 'ipv6':
      return prefixes.ipv6;
    case 'sixToFour':
      return Math.min(prefixes.ipv6, SIX_TO_FOUR_BITS);
    case 'linkLocal':
      return 128;
    case 'local':
      return 64;
  }
}
