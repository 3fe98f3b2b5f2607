import { expect, test } from 'vitest';
import { describeSource } from '../../src/admission/describe-source.ts';
import { DEFAULT_SOURCE_PREFIXES, sourceKeyWriter } from '../../src/admission/source-key.ts';
import { parseAddress } from '../../src/model/address.ts';
import { unixPeerBytes, vsockBytes } from '../../src/model/local-peer.ts';

function described(bytes: Uint8Array, prefixes = DEFAULT_SOURCE_PREFIXES): string {
  const key = new Uint32Array(4);
  sourceKeyWriter(prefixes)(bytes, key);
  return describeSource(key, prefixes);
}

test.each([
  ['192.0.2.7', 32, '192.0.2.7'],
  ['192.0.2.7', 24, '192.0.2.0/24'],
  ['2001:db8::7', 32, '2001:db8::/64'],
  ['64:ff9b::c000:207', 32, '64:ff9b::c000:207'],
  ['2002:c000:207:5::1', 32, '2002:c000:207::/48'],
])('%s, of which IPv4 counts by %i bits, is listed as %s', (address, ipv4, text) => {
  expect(described(parseAddress(address) ?? new Uint8Array(), { ipv4, ipv6: 64 })).toBe(text);
});

test('peers without an IP address are listed by who they are, whatever the prefixes', () => {
  expect(described(unixPeerBytes({ uid: 1000, gid: 7, pid: 9 }))).toBe('uid:1000');
  expect(described(vsockBytes(3), { ipv4: 8, ipv6: 16 })).toBe('cid:3');
});
