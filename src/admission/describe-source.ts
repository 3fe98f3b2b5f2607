import { formatPrefix } from '../model/prefix.ts';
import { wordAt } from '../model/word-at.ts';
import { type SourcePrefixes, sourceBits } from './source-bits.ts';
import { KEY_WORDS } from './source-key.ts';
import { sourceKind } from './source-kind.ts';

const IPV4_AT = 12;

function bytesOf(key: Uint32Array): Uint8Array {
  const bytes = new Uint8Array(4 * KEY_WORDS);
  const view = new DataView(bytes.buffer);
  for (let word = 0; word < KEY_WORDS; word++) view.setUint32(4 * word, wordAt(key, word));
  return bytes;
}

/** Who counts as one source, from its key: `192.0.2.1`, `2001:db8::/64`, `fe80::1%3`, `uid:1000`. */
export function describeSource(key: Uint32Array, prefixes: SourcePrefixes): string {
  const kind = sourceKind(key);
  const bytes = bytesOf(key);
  const bits = sourceBits(kind, prefixes);
  if (kind === 'ipv4') return formatPrefix({ bytes: bytes.subarray(IPV4_AT), length: bits - 8 * IPV4_AT });
  // Who is at the other end of a unix socket has no bits to be counted.
  return formatPrefix({ bytes, length: kind === 'local' ? 8 * bytes.length : bits });
}
