import { formatAddress, isLinkLocal, ZONE_OFFSET } from './address.ts';

/** The keys (see addressKey) that begin with the same `length` bits. */
export interface Prefix {
  /** 4 or 16 bytes in network order; the bits after the first `length` are zero. */
  readonly bytes: Uint8Array;
  readonly length: number;
}

/**
 * fe80::/64 on every link, as a prefix of keys. There the index of the interface, at most 2^31 - 1, is what
 * follows fe80:0:; the bit before it is set for odd addresses only (see addressKey).
 */
export const LINK_LOCAL_ON_ALL_LINKS: Prefix = {
  bytes: Uint8Array.of(0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
  length: 33,
};

/** The prefix of this length that the address or key is in. */
export function prefixOf(bytes: Uint8Array, length: number): Prefix {
  const masked = Uint8Array.from(bytes);
  masked.fill(0, Math.ceil(length / 8));
  const last = length >>> 3;
  if ((length & 7) !== 0) masked[last] = (masked[last] ?? 0) & (0xff << (8 - (length & 7)));
  return { bytes: masked, length };
}

/** The prefix of a link-local address, on one interface only. */
export function withZone(prefix: Prefix, interfaceIndex: number): Prefix {
  const bytes = Uint8Array.from(prefix.bytes);
  new DataView(bytes.buffer).setUint32(ZONE_OFFSET, interfaceIndex);
  return { bytes, length: prefix.length };
}

/** What a rule says, word for word; tables built for speed must agree with it (S54). */
export function prefixContains(prefix: Prefix, key: Uint8Array): boolean {
  if (prefix.bytes.length !== key.length) return false;
  for (let bit = 0; bit < prefix.length; bit++) {
    const mask = 0x80 >> (bit & 7);
    if ((((prefix.bytes[bit >>> 3] ?? 0) ^ (key[bit >>> 3] ?? 0)) & mask) !== 0) return false;
  }
  return true;
}

/** `10.0.0.0/8`, `192.0.2.1`, `2001:db8::/32`, `fe80::1%3`. */
export function formatPrefix(prefix: Prefix): string {
  const { bytes, length } = prefix;
  const tail = length === bytes.length * 8 ? '' : `/${length}`;
  if (!isLinkLocal(bytes) || length < LINK_LOCAL_ON_ALL_LINKS.length) return `${formatAddress(bytes)}${tail}`;
  if (length === LINK_LOCAL_ON_ALL_LINKS.length) return 'fe80::/64';
  const zone = new DataView(bytes.buffer, bytes.byteOffset).getUint32(ZONE_OFFSET);
  const address = Uint8Array.from(bytes);
  address.fill(0, ZONE_OFFSET, ZONE_OFFSET + 4);
  return `${formatAddress(address)}${zone === 0 ? '' : `%${zone}`}${tail}`;
}
