import { formatAddress, isLinkLocal, parseAddress } from '../model/address.ts';
import { type Prefix, prefixOf } from '../model/prefix.ts';
import type { NotationFault } from './notation-fault.ts';

/** A link-local prefix and the name of the interface it is on. */
export interface ZonedPrefix {
  readonly kind: 'zoned';
  readonly prefix: Prefix;
  readonly zone: string;
}

const ZONED = /^([^%/]*)%([^%/]*)(?:\/(.*))?$/s;
/** What Linux lets an interface be called, apart from what would be hard to tell in a text. */
const INTERFACE = /^[A-Za-z0-9_.][A-Za-z0-9_.:-]{0,14}$/;
const LENGTH = /^(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-8])$/;

/** Reads `fe80::1%eth0` and `fe80::%eth0/64` (RFC 4007, 11.7). */
export function parseZoned(text: string): ZonedPrefix | NotationFault {
  const [, addressText = '', zone = '', lengthText = '128'] = ZONED.exec(text) ?? [];
  const bytes = parseAddress(addressText);
  if (!bytes) return { reason: 'must be ADDRESS%INTERFACE or ADDRESS%INTERFACE/LENGTH' };
  if (!INTERFACE.test(zone)) return { reason: 'no interface can have such a name' };
  if (!isLinkLocal(bytes)) {
    return { reason: 'only a link-local address has a zone', help: `write "${formatAddress(bytes)}"` };
  }
  if (!LENGTH.test(lengthText)) return { reason: 'the length of a prefix with a zone is 64 to 128' };
  const length = Number(lengthText);
  const prefix = prefixOf(bytes, length);
  if (prefix.bytes.some((byte, index) => byte !== bytes[index])) {
    const help = `write "${formatAddress(prefix.bytes)}%${zone}/${length}"`;
    return { reason: 'bits are set after the end of the prefix', help };
  }
  if (bytes[1] !== 0x80 || bytes.subarray(2, 8).some((byte) => byte !== 0)) {
    return { reason: 'link-local addresses are all in fe80::/64' };
  }
  return { kind: 'zoned', prefix, zone };
}
