import { byteAt } from '../model/byte-at.ts';
import { InvariantError } from '../model/errors.ts';
import { wordAt } from '../model/word-at.ts';
import { type SourcePrefixes, sourceBits } from './source-bits.ts';
import { type SourceKind, sourceKind } from './source-kind.ts';

export const DEFAULT_SOURCE_PREFIXES: SourcePrefixes = { ipv4: 32, ipv6: 64 };

/** Words of a source key. */
export const KEY_WORDS = 4;

/** Writes the source key of an address (4 or 16 bytes) into the first four words of `into`. */
export type SourceKeyWriter = (address: Uint8Array, into: Uint32Array) => void;

const MAPPED_WORD = 0xffff;

/**
 * The source that an address counts for: its leading bits, with five exceptions.
 *
 * - IPv4 is `::ffff:a.b.c.d` and masked by its own prefix, so that none of IPv6 makes it all one source (S48).
 * - NAT64 (`64:ff9b::/96`) is masked by the IPv4 prefix too: the last 32 bits are an IPv4 address, the /64 would
 *   be the whole IPv4 internet. It is not the same source as that IPv4 address, since a neighbour who can forge
 *   the one must not get the other punished.
 * - 6to4 (`2002:a.b.c.d::/48`) is 65,536 networks for whoever has one IPv4 address: a /48 at the longest.
 * - Link-local counts by the whole address, with the interface in its bytes 4 to 7 (S50). Its /64 is everybody
 *   on the link, where one neighbour could use up what is for all. That a neighbour can make up addresses is
 *   the smaller evil: on a link those of others can be forged as well.
 *
 * - Peers without an IP address count by the first half of theirs (model/local-peer.ts), whatever the prefixes are.
 *
 * IPv4-compatible (`::a.b.c.d`) and Teredo addresses are IPv6 like any other.
 */
export function sourceKeyWriter(prefixes: SourcePrefixes): SourceKeyWriter {
  requireBits(prefixes.ipv4, { min: 8, max: 32 });
  requireBits(prefixes.ipv6, { min: 16, max: 128 });
  const maskFor = (kind: SourceKind): Uint32Array => maskOf(sourceBits(kind, prefixes));
  const masks: Readonly<Record<SourceKind, Uint32Array>> = {
    ...{ ipv4: maskFor('ipv4'), nat64: maskFor('nat64'), ipv6: maskFor('ipv6') },
    ...{ sixToFour: maskFor('sixToFour'), linkLocal: maskFor('linkLocal'), local: maskFor('local') },
  };
  return (address, into) => {
    writeWords(address, into);
    const mask = masks[sourceKind(into)];
    for (let word = 0; word < KEY_WORDS; word++) into[word] = wordAt(into, word) & wordAt(mask, word);
  };
}

function requireBits(bits: number, { min, max }: { readonly min: number; readonly max: number }): void {
  if (Number.isInteger(bits) && bits >= min && bits <= max) return;
  throw new InvariantError(`Cannot count sources by ${bits} bits: not from ${min} to ${max}`);
}

function maskOf(bits: number): Uint32Array {
  return Uint32Array.from({ length: KEY_WORDS }, (_, word) => {
    const ones = Math.min(Math.max(bits - 32 * word, 0), 32);
    return ones === 0 ? 0 : -1 << (32 - ones);
  });
}

function writeWords(address: Uint8Array, into: Uint32Array): void {
  if (address.length !== 4 && address.length !== 16) {
    throw new InvariantError(`Cannot count a source: its address has ${address.length} bytes`);
  }
  into.fill(0, 0, KEY_WORDS);
  if (address.length === 4) into[2] = MAPPED_WORD;
  const first = KEY_WORDS - address.length / 4;
  for (let word = first; word < KEY_WORDS; word++) into[word] = wordOf(address, 4 * (word - first));
}

function wordOf(bytes: Uint8Array, at: number): number {
  const high = (byteAt(bytes, at) << 8) | byteAt(bytes, at + 1);
  return (high << 16) | (byteAt(bytes, at + 2) << 8) | byteAt(bytes, at + 3);
}
