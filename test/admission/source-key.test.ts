import { describe, expect, test } from 'vitest';
import type { SourcePrefixes } from '../../src/admission/source-bits.ts';
import { DEFAULT_SOURCE_PREFIXES, sourceKeyWriter } from '../../src/admission/source-key.ts';
import { parseAddress } from '../../src/model/address.ts';

/** The key of an address as text, so that keys can be compared and counted. */
function keyOf(address: string, prefixes: SourcePrefixes = DEFAULT_SOURCE_PREFIXES): string {
  return keyOfBytes(parseAddress(address) ?? new Uint8Array(), prefixes);
}

function keyOfBytes(bytes: Uint8Array, prefixes: SourcePrefixes = DEFAULT_SOURCE_PREFIXES): string {
  const key = new Uint32Array(4).fill(0xdead_beef);
  sourceKeyWriter(prefixes)(bytes, key);
  return Array.from(key, (word) => word.toString(16)).join(':');
}

describe('the key of a source', () => {
  test('is one for 10,000 addresses of a /64, and another for the next /64 (S49)', () => {
    const keys = new Set<string>();
    for (let host = 0; host < 10_000; host++) keys.add(keyOf(`2001:db8:0:1::${host.toString(16)}`));
    for (let host = 0; host < 100; host++) keys.add(keyOf(`2001:db8:0:1:${host.toString(16)}:1:2:3`));
    expect(keys).toEqual(new Set(['20010db8:1:0:0']));
    expect(keyOf('2001:db8:0:2::1')).not.toBe(keyOf('2001:db8:0:1::1'));
  });

  test('is another for each IPv4 address, however short the IPv6 prefix (S48)', () => {
    for (const ipv6 of [16, 56, 64, 128]) {
      expect(keyOf('127.44.5.6', { ipv4: 32, ipv6 })).not.toBe(keyOf('127.44.5.7', { ipv4: 32, ipv6 }));
    }
    expect(keyOf('127.44.5.6')).toBe('0:0:ffff:7f2c0506');
  });

  test('is the same for an IPv4 address and its mapped form (S48)', () => {
    const mapped = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 44, 5, 6);
    expect(keyOfBytes(mapped)).toBe(keyOf('127.44.5.6'));
  });

  test('groups IPv4 by the prefix that is configured', () => {
    const prefixes = { ipv4: 24, ipv6: 64 };
    expect(keyOf('203.0.113.1', prefixes)).toBe(keyOf('203.0.113.255', prefixes));
    expect(keyOf('203.0.113.1', prefixes)).not.toBe(keyOf('203.0.112.1', prefixes));
  });

  test('is another for each IPv4 address behind NAT64, and not that of the address itself (S48)', () => {
    expect(keyOf('64:ff9b::192.0.2.1')).not.toBe(keyOf('64:ff9b::192.0.2.2'));
    expect(keyOf('64:ff9b::192.0.2.1')).not.toBe(keyOf('192.0.2.1'));
    const prefixes = { ipv4: 24, ipv6: 64 };
    expect(keyOf('64:ff9b::192.0.2.1', prefixes)).toBe(keyOf('64:ff9b::192.0.2.2', prefixes));
    expect(keyOf('64:ff9b:0:0:1::1')).toBe(keyOf('64:ff9b:0:0:2::1'));
  });

  test('is one for all networks of a 6to4 address (S49)', () => {
    expect(keyOf('2002:c000:0201:1::1')).toBe(keyOf('2002:c000:0201:ffff::1'));
    expect(keyOf('2002:c000:0201::1')).not.toBe(keyOf('2002:c000:0202::1'));
    const wide = { ipv4: 32, ipv6: 32 };
    expect(keyOf('2002:c000:0201::1', wide)).toBe(keyOf('2002:c000:0202::1', wide));
  });

  test('is another for each neighbour and each interface of a link (S50)', () => {
    expect(keyOf('fe80::1')).not.toBe(keyOf('fe80::2'));
    expect(keyOf('fe80:0:0:2::1')).not.toBe(keyOf('fe80:0:0:3::1'));
    expect(keyOf('febf::1')).not.toBe(keyOf('febf::2'));
    expect(keyOf('fec0::1')).toBe(keyOf('fec0::2'));
  });

  test('takes prefixes of each length that is allowed, and no others', () => {
    for (let ipv6 = 16; ipv6 <= 128; ipv6++) {
      const bits = keyOf('7fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', { ipv4: 32, ipv6 })
        .split(':')
        .map((word) => Number.parseInt(word, 16).toString(2).replaceAll('0', '').length);
      // 7f00::/8 has no exception, and its first bit is 0.
      expect(bits.reduce((sum, count) => sum + count, 0)).toBe(ipv6 - 1);
    }
    for (const prefixes of [
      { ipv4: 7, ipv6: 64 },
      { ipv4: 33, ipv6: 64 },
      { ipv4: 32, ipv6: 15 },
      { ipv4: 32, ipv6: 129 },
      { ipv4: 24.5, ipv6: 64 },
    ]) {
      expect(() => sourceKeyWriter(prefixes)).toThrow(/bits/);
    }
    expect(() => keyOfBytes(new Uint8Array(5))).toThrow(/5 bytes/);
  });
});
