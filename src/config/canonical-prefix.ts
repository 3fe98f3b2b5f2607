import { formatAddress, isLinkLocal, isMapped } from '../model/address.ts';
import { formatPrefix, LINK_LOCAL_ON_ALL_LINKS, type Prefix, prefixOf } from '../model/prefix.ts';
import type { NotationFault } from './notation-fault.ts';

/** Bits of fe80::/10 that are where keys have them too; the interface comes after these. */
const MOST_PLAIN_LINK_LOCAL = 32;
const MAPPED_BITS = 96;

/**
 * A prefix as written, as one of keys (see addressKey). Refused are host bits, IPv4-mapped forms, and prefixes of
 * link-local addresses that keys cannot express.
 */
export function canonicalPrefix(written: Prefix): Prefix | NotationFault {
  const { bytes, length } = written;
  const masked = prefixOf(bytes, length);
  if (masked.bytes.some((byte, index) => byte !== bytes[index])) {
    return { reason: 'bits are set after the end of the prefix', help: `write "${formatWritten(masked)}"` };
  }
  if (isMapped(bytes) && length >= MAPPED_BITS) {
    const unmapped = { bytes: bytes.slice(12), length: length - MAPPED_BITS };
    return {
      reason: 'peers with an IPv4-mapped address are IPv4 ones here',
      help: `write "${formatPrefix(unmapped)}"`,
    };
  }
  return isLinkLocal(bytes) && length > MOST_PLAIN_LINK_LOCAL ? linkLocalPrefix(written) : written;
}

/**
 * fe80::/64 is the one prefix beyond /32 that is the same on all links. Others are of no use: what comes between
 * fe80::/10 and /64 is zero (RFC 4291, 2.5.6).
 */
function linkLocalPrefix({ bytes, length }: Prefix): Prefix | NotationFault {
  if (length > 64) {
    return {
      reason: 'a link-local address is on one interface only',
      help: `write it with the name of the interface: "${formatAddress(bytes)}%eth0${length === 128 ? '' : `/${length}`}"`,
    };
  }
  const isStandard = length === 64 && bytes[1] === 0x80 && bytes.subarray(2).every((byte) => byte === 0);
  if (isStandard) return LINK_LOCAL_ON_ALL_LINKS;
  return { reason: 'link-local addresses are all in fe80::/64', help: 'write "fe80::/64" or "fe80::/10"' };
}

/** An address and a length, neither of which is one of keys. */
function formatWritten({ bytes, length }: Prefix): string {
  return length === bytes.length * 8 ? formatAddress(bytes) : `${formatAddress(bytes)}/${length}`;
}
