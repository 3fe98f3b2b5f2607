import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatAddress } from '../../src/model/address.ts';
import { credentialsOf } from '../../src/model/local-peer.ts';
import { crc32c } from '../../src/proxy-protocol/crc32c.ts';
import type { HeaderParse } from '../../src/proxy-protocol/header.ts';
import { MOST_HEADER_BYTES, parseHeader } from '../../src/proxy-protocol/parse-header.ts';
import { encodeRaw, encodeSummed, encodeV1, encodeV2, port16, SIGNATURE, tlvBytes } from './encode-header.ts';

const FROM = { address: '192.0.2.7', port: 40_001 };
const TO = { address: '198.51.100.1', port: 25 };
const FROM6 = { address: '2001:db8:0:0:0:0:0:7', port: 40_001 };
const TO6 = { address: '2001:db8:0:0:0:0:1:1', port: 25 };
const ENDS4 = Buffer.concat([Buffer.from([192, 0, 2, 7, 198, 51, 100, 1]), port16(40_001), port16(25)]);

/** `SOURCE:PORT > DESTINATION:PORT`, or the fault. */
function told(parse: HeaderParse): string {
  if (parse.kind === 'more') return 'more';
  if (parse.kind === 'malformed') return parse.fault;
  const { header } = parse;
  if (header.kind === 'own') return `own, ${parse.length}`;
  const { source, destination } = header;
  const ends = [source, destination].map(({ bytes, port }) => `${formatAddress(bytes)} ${port}`);
  return `${ends.join(' > ')}, ${parse.length}`;
}

function text(line: string): string {
  return told(parseHeader(Buffer.from(line, 'latin1')));
}

describe('version 1', () => {
  test('tells of both ends', () => {
    expect(told(parseHeader(encodeV1(FROM, TO)))).toBe('192.0.2.7 40001 > 198.51.100.1 25, 44');
    expect(text('PROXY TCP6 2001:db8::7 ::1 1 65535\r\n')).toBe('2001:db8::7 1 > ::1 65535, 36');
    expect(text('PROXY TCP4 192.0.2.7 198.51.100.1 0 0\r\nGET /')).toBe('192.0.2.7 0 > 198.51.100.1 0, 39');
  });

  test('unwraps IPv4 in IPv6 (S47)', () => {
    expect(text('PROXY TCP6 ::ffff:192.0.2.7 ::ffff:c633:6401 1 2\r\n')).toBe(
      '192.0.2.7 1 > 198.51.100.1 2, 50',
    );
  });

  test('says nothing of whom it does not know, whatever stands behind the word', () => {
    expect(text('PROXY UNKNOWN\r\nx')).toBe('own, 15');
    expect(text('PROXY UNKNOWN ffff::1 \x80 0 -1\r\n')).toBe('own, 30');
    const longest = `PROXY UNKNOWN ${`${'ffff:'.repeat(7)}ffff `.repeat(2)}65535 65535\r\n`;
    expect(longest).toHaveLength(107);
    expect(text(longest)).toBe('own, 107');
  });

  test.each([
    ['PROXX TCP4', 'bad_signature'],
    ['proxy TCP4', 'bad_signature'],
    ['PROXY\tTCP4', 'bad_signature'],
    ['GET / HTTP/1.1\r\n', 'bad_signature'],
    ['PROXY UNKNOWNS\r\n', 'bad_line'],
    ['PROXY \r\n', 'bad_line'],
    ['PROXY TCP5 192.0.2.7 198.51.100.1 1 2\r\n', 'bad_line'],
    ['PROXY UDP4 192.0.2.7 198.51.100.1 1 2\r\n', 'bad_line'],
    ['PROXY TCP4 192.0.2.7 198.51.100.1 1\r\n', 'bad_line'],
    ['PROXY TCP4 192.0.2.7 198.51.100.1 1 2 3\r\n', 'bad_line'],
    ['PROXY TCP4 192.0.2.7 198.51.100.1 1 2 \r\n', 'bad_line'],
    ['PROXY TCP4 192.0.2.7 198.51.100.1 1 2\n', 'bad_line'],
    ['PROXY TCP4 192.0.2.7 198.51.100.1 1 2\rx', 'bad_line'],
    ['PROXY TCP4 192.0.2.7\n198.51.100.1 1 2\r\n', 'bad_line'],
    ['PROXY TCP4  192.0.2.7 198.51.100.1 1 2\r\n', 'bad_line'],
    ['PROXY TCP4 192.0.2.07 198.51.100.1 1 2\r\n', 'bad_address'],
    ['PROXY TCP4 192.0.2 198.51.100.1 1 2\r\n', 'bad_address'],
    ['PROXY TCP4 2001:db8::7 198.51.100.1 1 2\r\n', 'bad_address'],
    ['PROXY TCP6 192.0.2.7 ::1 1 2\r\n', 'bad_address'],
    ['PROXY TCP6 fe80::1%eth0 ::1 1 2\r\n', 'bad_address'],
    ['PROXY TCP6 2001:db8::7 - 1 2\r\n', 'bad_address'],
    ['PROXY TCP4 0.0.0.0 198.51.100.1 0 2\r\n', 'bad_address'],
    ['PROXY TCP6 ::ffff:0.0.0.0 ::1 0 2\r\n', 'bad_address'],
    ['PROXY TCP4 255.255.255.255 198.51.100.1 1 2\r\n', 'bad_address'],
    ['PROXY TCP4 224.0.0.1 198.51.100.1 1 2\r\n', 'bad_address'],
    ['PROXY TCP6 ff75:6e78:: ::1 1 2\r\n', 'bad_address'],
    ['PROXY TCP4 192.0.2.7 198.51.100.1 01 2\r\n', 'bad_port'],
    ['PROXY TCP4 192.0.2.7 198.51.100.1 1 65536\r\n', 'bad_port'],
    ['PROXY TCP4 192.0.2.7 198.51.100.1 -1 2\r\n', 'bad_port'],
    ['PROXY TCP4 192.0.2.7 198.51.100.1 1 +2\r\n', 'bad_port'],
    [`PROXY UNKNOWN ${'x'.repeat(93)}`, 'too_long'],
    [`PROXY UNKNOWN ${'x'.repeat(92)}\r\n`, 'too_long'],
  ])('refuses %j as %s (S60)', (line, fault) => {
    expect(text(line)).toBe(fault);
  });
});

describe('version 2', () => {
  test('tells of both ends', () => {
    expect(told(parseHeader(encodeV2(FROM, TO)))).toBe('192.0.2.7 40001 > 198.51.100.1 25, 28');
    expect(told(parseHeader(encodeV2(FROM6, TO6)))).toBe('2001:db8::7 40001 > 2001:db8::1:1 25, 52');
  });

  test('unwraps IPv4 in IPv6 (S47)', () => {
    const mapped = { address: '0:0:0:0:0:ffff:c000:0207', port: 1 };
    expect(told(parseHeader(encodeV2(mapped, TO6)))).toBe('192.0.2.7 1 > 2001:db8::1:1 25, 52');
  });

  test('skips what is said besides, and proves a checksum (S30)', () => {
    const noise = { type: 4, value: Buffer.alloc(40, 0xff) };
    const name = { type: 2, value: Buffer.from('() { :;}\n-froot\0') };
    const told4 = (length: number) => `192.0.2.7 40001 > 198.51.100.1 25, ${length}`;
    expect(told(parseHeader(encodeV2(FROM, TO, [noise, name])))).toBe(told4(28 + 43 + 19));
    expect(told(parseHeader(encodeSummed(FROM, TO, [noise])))).toBe(told4(28 + 43 + 7));
    const changed = encodeSummed(FROM, TO, [noise]);
    changed[19] = 8;
    expect(told(parseHeader(changed))).toBe('bad_checksum');
  });

  test('computes the checksum of RFC 4960 over its example of RFC 3720', () => {
    expect(crc32c(Buffer.alloc(32))).toBe(0x8a91_36aa);
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe306_9283);
  });

  test('says nothing of a connection of the proxy itself, whatever is to be skipped then (S60)', () => {
    expect(told(parseHeader(encodeRaw([0x20, 0x00], Buffer.alloc(0))))).toBe('own, 16');
    expect(told(parseHeader(encodeRaw([0x20, 0xff], Buffer.alloc(5, 0xff))))).toBe('own, 21');
    expect(told(parseHeader(encodeRaw([0x20, 0x11], ENDS4)))).toBe('own, 28');
  });

  test.each([
    ['nothing', 0x00, Buffer.alloc(7)],
    ['a family without a transport', 0x10, ENDS4],
    ['a transport without a family', 0x01, ENDS4],
    ['datagrams', 0x12, ENDS4],
    ['a unix socket', 0x31, Buffer.concat([Buffer.alloc(216, 0x2f), tlvBytes({ type: 4, value: ENDS4 })])],
  ])('has no address of TCP for %s', (_, families, block) => {
    expect(told(parseHeader(encodeRaw([0x21, families], block)))).toBe(`own, ${16 + block.length}`);
  });

  test.each([
    ['another version', encodeRaw([0x11, 0x11], ENDS4), 'bad_version'],
    ['no version', encodeRaw([0x01, 0x11], ENDS4), 'bad_version'],
    ['an unknown command', encodeRaw([0x22, 0x11], ENDS4), 'bad_command'],
    ['an unknown family', encodeRaw([0x21, 0x41], ENDS4), 'bad_family'],
    ['an unknown transport', encodeRaw([0x21, 0x13], ENDS4), 'bad_transport'],
    ['too few bytes for IPv4', encodeRaw([0x21, 0x11], ENDS4.subarray(1)), 'short_addresses'],
    ['too few bytes for IPv6', encodeRaw([0x21, 0x21], ENDS4), 'short_addresses'],
    ['too few bytes for unix sockets', encodeRaw([0x21, 0x31], Buffer.alloc(215)), 'short_addresses'],
    ['no bytes', encodeRaw([0x21, 0x11], Buffer.alloc(0)), 'short_addresses'],
    ['half a head of a value', encodeRaw([0x21, 0x11], Buffer.concat([ENDS4, Buffer.alloc(2)])), 'bad_tlv'],
    [
      'a value with no end',
      encodeRaw([0x21, 0x11], Buffer.concat([ENDS4, Buffer.from([4, 0, 1])])),
      'bad_tlv',
    ],
    ['a checksum of two bytes', encodeV2(FROM, TO, [{ type: 3, value: Buffer.alloc(2) }]), 'bad_tlv'],
    ['a wrong checksum', encodeV2(FROM, TO, [{ type: 3, value: Buffer.alloc(4) }]), 'bad_checksum'],
    ['nobody', encodeV2({ address: '0.0.0.0', port: 0 }, TO), 'bad_address'],
    ['a group', encodeV2({ address: 'ff76:736b:0:3:0:0:0:0', port: 1 }, TO6), 'bad_address'],
    ['more than there can be', encodeRaw([0x21, 0x11], ENDS4, 2049), 'too_long'],
    ['as much as the length can say', encodeRaw([0x20, 0x00], ENDS4, 0xffff), 'too_long'],
  ])('refuses %s (S60)', (_, header, fault) => {
    expect(told(parseHeader(header))).toBe(fault);
  });

  test('makes nobody the user of a unix socket (S59)', () => {
    const marked = { address: 'ff75:6e78:0:0:0:0:0:0', port: 1 };
    expect(credentialsOf(Buffer.from('ff756e78000000000000000000000000', 'hex'))?.uid).toBe(0);
    expect(told(parseHeader(encodeV2(marked, TO6)))).toBe('bad_address');
  });

  test('takes the longest header that it promises to take', () => {
    const filler = { type: 4, value: Buffer.alloc(2048 - 12 - 3) };
    const header = encodeV2(FROM, TO, [filler]);
    expect(header).toHaveLength(MOST_HEADER_BYTES);
    expect(told(parseHeader(header))).toBe(`192.0.2.7 40001 > 198.51.100.1 25, ${MOST_HEADER_BYTES}`);
  });
});

const port = fc.integer({ min: 0, max: 65_535 });
const octets = fc.tuple(fc.integer({ min: 1, max: 223 }), fc.nat(255), fc.nat(255), fc.nat(255));
const end4 = fc.record({ address: octets.map((numbers) => numbers.join('.')), port });
const groups = fc.array(fc.nat(0xffff), { minLength: 7, maxLength: 7 });
const end6 = fc.record({
  address: groups.map((rest) => [0x2001, ...rest].map((group) => group.toString(16)).join(':')),
  port,
});
const tlvs = fc.array(
  fc.record({
    type: fc.nat(255).filter((type) => type !== 3),
    value: fc.uint8Array({ maxLength: 60 }),
  }),
  { maxLength: 5 },
);
const ends = fc.oneof(fc.tuple(end4, end4), fc.tuple(end6, end6));
const headers = fc
  .tuple(ends, tlvs, fc.constantFrom('v1', 'v2', 'summed'))
  .map(([[from, to], values, form]) => {
    if (form === 'v1') return { from, to, header: encodeV1(from, to) };
    return { from, to, header: (form === 'v2' ? encodeV2 : encodeSummed)(from, to, values) };
  });
const payloads = fc.uint8Array({ maxLength: 200 });

/** The same address in its short spelling. */
function short({ address, port: number }: { readonly address: string; readonly port: number }): string {
  return `${address.includes(':') ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address} ${number}`;
}

describe('of all headers', () => {
  test('each is read as what was written, to its last byte and no further (S17)', () => {
    fc.assert(
      fc.property(headers, payloads, ({ from, to, header }, payload) => {
        const parse = parseHeader(Buffer.concat([header, payload]));
        expect(told(parse)).toBe(`${short(from)} > ${short(to)}, ${header.length}`);
      }),
    );
  });

  test('each is waited for until its last byte is there, and is whole then (S60)', () => {
    fc.assert(
      fc.property(headers, ({ header }) => {
        for (let length = 0; length < header.length; length++)
          expect(parseHeader(header.subarray(0, length)).kind).toBe('more');
        expect(parseHeader(header).kind).toBe('header');
      }),
      { numRuns: 30 },
    );
  });

  test('none that has been damaged is read beyond its cap, or makes anybody up without saying so (S60)', () => {
    const damage = fc.array(fc.tuple(fc.nat(2100), fc.nat(255)), { maxLength: 6 });
    fc.assert(
      fc.property(headers, damage, payloads, ({ header }, changes, payload) => {
        const bytes = Buffer.concat([header, payload]);
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        const parse = parseHeader(bytes);
        if (parse.kind === 'header') expect(parse.length).toBeLessThanOrEqual(bytes.length);
        if (parse.kind === 'more') expect(bytes.length).toBeLessThan(MOST_HEADER_BYTES);
      }),
    );
  });

  test('garbage never throws, and is not waited for any longer than a header can be (S60)', () => {
    const starts = fc.constantFrom(Buffer.alloc(0), Buffer.from('PROXY '), Buffer.from(SIGNATURE));
    fc.assert(
      fc.property(starts, fc.uint8Array({ maxLength: 3000 }), (start, rest) => {
        const bytes = Buffer.concat([start, rest]);
        const parse = parseHeader(bytes);
        if (parse.kind === 'more') expect(bytes.length).toBeLessThan(MOST_HEADER_BYTES);
        if (parse.kind === 'header') expect(parse.length).toBeLessThanOrEqual(MOST_HEADER_BYTES);
      }),
    );
  });

  test('what comes behind a header changes nothing of it, another header neither (S58)', () => {
    fc.assert(
      fc.property(headers, headers, ({ header }, { header: second }) => {
        expect(parseHeader(Buffer.concat([header, second]))).toEqual(parseHeader(header));
      }),
    );
  });
});
