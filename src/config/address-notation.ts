import { formatAddress, parseAddress } from '../model/address.ts';
import { byteAt } from '../model/byte-at.ts';
import { type Prefix, prefixOf } from '../model/prefix.ts';
import { coverRange } from '../model/prefix-cover.ts';
import { canonicalPrefix } from './canonical-prefix.ts';
import type { NotationFault } from './notation-fault.ts';

const LENGTH = /^(0|[1-9][0-9]{0,2})$/;
const LEADING_ZERO = /(^|\.)0[0-9]/;

/** What is wrong with the text of one address. */
function addressFault(text: string): NotationFault {
  if (text === '') return { reason: 'an address is missing' };
  if (LEADING_ZERO.test(text)) {
    return { reason: 'octets are decimal and have no leading zeros, since tools disagree on what they mean' };
  }
  if (/^[0-9]+(\.[0-9]+){0,2}$/.test(text)) {
    return {
      reason: 'an IPv4 address has four octets',
      help: 'write all four, or a prefix such as "10.1.0.0/16"',
    };
  }
  return { reason: `${text.includes(':') ? 'the IPv6' : 'the IPv4'} address is not one` };
}

function parseOne(text: string): Uint8Array | NotationFault {
  return parseAddress(text) ?? addressFault(text);
}

/** How many bits are set in a mask such as 255.255.0.0, or undefined when they are not the first ones. */
function lengthOfMask(mask: Uint8Array): number | undefined {
  const bits = Array.from(mask, (byte) => byte.toString(2).padStart(8, '0')).join('');
  return /^1*0*$/.test(bits) ? bits.replaceAll('0', '').length : undefined;
}

function maskFault(bytes: Uint8Array, maskText: string): NotationFault {
  const reason = 'a mask is written as the number of its bits';
  const mask = parseAddress(maskText);
  if (mask?.length !== 4 || bytes.length !== 4) return { reason };
  const length = lengthOfMask(mask);
  if (length === undefined) return { reason: 'the bits of the mask are not the first ones of an address' };
  return { reason, help: `write "${formatAddress(prefixOf(bytes, length).bytes)}/${length}"` };
}

/** `ADDRESS/LENGTH`. */
function parsePrefix(addressText: string, lengthText: string): Prefix | NotationFault {
  const bytes = parseOne(addressText);
  if ('reason' in bytes) return bytes;
  const bits = bytes.length * 8;
  if (/[.:]/.test(lengthText)) return maskFault(bytes, lengthText);
  if (/^0[0-9]+$/.test(lengthText)) return { reason: 'the length of a prefix has no leading zeros' };
  if (!LENGTH.test(lengthText) || Number(lengthText) > bits) {
    return { reason: `the length of an IPv${bits === 32 ? 4 : 6} prefix is 0 to ${bits}` };
  }
  return canonicalPrefix({ bytes, length: Number(lengthText) });
}

function isAfter(left: Uint8Array, right: Uint8Array): boolean {
  const at = left.findIndex((byte, index) => byte !== right[index]);
  return at >= 0 && byteAt(left, at) > byteAt(right, at);
}

/** The prefixes of all addresses from first to last. */
export function parseRange(first: Uint8Array, last: Uint8Array): readonly Prefix[] | NotationFault {
  if (first.length !== last.length) return { reason: 'a range begins and ends in the same family' };
  if (isAfter(first, last)) {
    return {
      reason: 'the range ends before it begins',
      help: `write "${formatAddress(last)}-${formatAddress(first)}"`,
    };
  }
  const cover = coverRange(first, last).map(canonicalPrefix);
  const fault = cover.find((part) => 'reason' in part);
  return fault ?? cover.filter((part) => 'bytes' in part);
}

/**
 * What configuration and list files have in common: `ADDRESS`, `ADDRESS/LENGTH`, `FIRST-LAST`. No guess: each text
 * means one thing or is refused (S51).
 */
export function parseAddressNotation(text: string): readonly Prefix[] | NotationFault {
  const [left = '', right, ...more] = text.split(/[/-]/);
  if (more.length > 0) return { reason: 'must be an address, ADDRESS/LENGTH or FIRST-LAST' };
  if (right === undefined) {
    const bytes = parseOne(left);
    if ('reason' in bytes) return bytes;
    return asList(canonicalPrefix({ bytes, length: bytes.length * 8 }));
  }
  if (text.includes('/')) return asList(parsePrefix(left, right));
  const [first, last] = [parseOne(left), parseOne(right)];
  if ('reason' in first) return first;
  return 'reason' in last ? last : parseRange(first, last);
}

function asList(prefix: Prefix | NotationFault): readonly Prefix[] | NotationFault {
  return 'reason' in prefix ? prefix : [prefix];
}
