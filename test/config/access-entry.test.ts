import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAccessEntry } from '../../src/config/access-entry.ts';
import { addressKey, parseAddress } from '../../src/model/address.ts';
import { formatPrefix, prefixContains, withZone } from '../../src/model/prefix.ts';

/** What an entry means, in few words. */
function meaning(text: string): unknown {
  const entry = parseAccessEntry(text);
  if ('reason' in entry) return { refused: true, help: entry.help };
  switch (entry.kind) {
    case 'prefixes':
      return [...entry.prefixes.map(formatPrefix), ...(entry.trailingZeros ? ['zeros'] : [])].join(' ');
    case 'zoned':
      return `${formatPrefix(entry.prefix)} on ${entry.zone}`;
    case 'host':
    case 'network':
      return `${entry.kind} ${entry.name}`;
    case 'domain':
      return `domain ${entry.suffix}`;
    case 'peer':
      return `${entry.of} ${entry.who}`;
    case 'file':
      return `file ${entry.path}`;
  }
}

function key(text: string, scopeId = 0): Uint8Array {
  const bytes = parseAddress(text) ?? new Uint8Array();
  return addressKey({ family: bytes.length === 4 ? 4 : 6, bytes, port: 1, scopeId });
}

/** Whether an entry of prefixes has the address. */
function holds(text: string, address: Uint8Array): boolean {
  const entry = parseAccessEntry(text);
  return 'prefixes' in entry && entry.prefixes.some((prefix) => prefixContains(prefix, address));
}

const MEANINGS: readonly (readonly [string, string])[] = [
  ['192.0.2.1', '192.0.2.1'],
  ['192.0.2.0/24', '192.0.2.0/24'],
  ['0.0.0.0/0', '0.0.0.0/0'],
  ['10.1.0.0/32', '10.1.0.0'],
  ['2001:db8::1', '2001:db8::1'],
  ['2001:DB8::/32', '2001:db8::/32'],
  ['2001:db8::1/128', '2001:db8::1'],
  ['::/0', '::/0'],
  ['64:ff9b::192.0.2.1', '64:ff9b::c000:201'],
  // xinetd
  ['0.0.0.0', '0.0.0.0/0 zeros'],
  ['10.0.0.0', '10.0.0.0/8 zeros'],
  ['10.1.0.0', '10.1.0.0/16 zeros'],
  ['10.1.2.0', '10.1.2.0/24 zeros'],
  ['10.0.2.0', '10.0.2.0/24 zeros'],
  ['::', '::/0 zeros'],
  ['10.1.2.{3,5}', '10.1.2.3 10.1.2.5'],
  ['10.1.2.{0,255}', '10.1.2.0 10.1.2.255'],
  ['10.1.2.{7,4,6,5,5}', '10.1.2.4/30'],
  ['10.1.{2,4}', '10.1.2.0/24 10.1.4.0/24'],
  ['10.{2,3}', '10.2.0.0/15'],
  ['{10,12}', '10.0.0.0/8 12.0.0.0/8'],
  // tcpserver
  ['1.2.3.37-53', '1.2.3.37 1.2.3.38/31 1.2.3.40/29 1.2.3.48/30 1.2.3.52/31'],
  ['10.', '10.0.0.0/8'],
  ['10.2.', '10.2.0.0/16'],
  ['10.2.3.', '10.2.3.0/24'],
  ['10.2-3.', '10.2.0.0/15'],
  ['10-12.', '10.0.0.0/7 12.0.0.0/8'],
  // ranges
  ['192.0.2.0-192.0.2.255', '192.0.2.0/24'],
  ['192.0.2.1-192.0.2.1', '192.0.2.1'],
  ['0.0.0.0-255.255.255.255', '0.0.0.0/0'],
  ['2001:db8::-2001:db8::ffff', '2001:db8::/112'],
  ['::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '::/0'],
  // link-local
  ['fe80::/10', 'fe80::/10'],
  ['fe80::/64', 'fe80::/64'],
  ['fe80::1%eth0', 'fe80::1 on eth0'],
  ['fe80::1%br-lan.7', 'fe80::1 on br-lan.7'],
  ['fe80::%eth0/64', 'fe80::/64 on eth0'],
  // names
  ['Host.Example.', 'host host.example'],
  ['a-1.b_2.example', 'host a-1.b_2.example'],
  ['10.0.0.1.evil', 'host 10.0.0.1.evil'],
  ['.Example', 'domain .example'],
  ['.corp.example.', 'domain .corp.example'],
  ['Office', 'network Office'],
  ['localhost.', 'host localhost'],
  ['xn--bcher-kva.example', 'host xn--bcher-kva.example'],
  ['file:/etc/zinetd/block list', 'file /etc/zinetd/block list'],
];

const REFUSED: readonly (readonly [string, string | undefined])[] = [
  ['', undefined],
  ['10.0.0.1/8', 'write "10.0.0.0/8"'],
  ['2001:db8::1/32', 'write "2001:db8::/32"'],
  ['10.0.0.0/255.0.0.0', 'write "10.0.0.0/8"'],
  ['10.1.2.3/255.255.0.0', 'write "10.1.0.0/16"'],
  ['10.1.2.3/255.255.255.255', 'write "10.1.2.3/32"'],
  ['10.0.0.0/255.0.255.0', undefined],
  ['010.0.0.1', undefined],
  ['0x7f.1', undefined],
  ['0x7f000001', undefined],
  ['127.1', 'write all four, or a prefix such as "10.1.0.0/16"'],
  ['2130706433', 'write all four, or a prefix such as "10.1.0.0/16"'],
  ['1.2.3.4 ', undefined],
  [' 1.2.3.4', undefined],
  ['1.2.3.4\n', undefined],
  ['1.2.3.4/33', undefined],
  ['1.2.3.4/08', undefined],
  ['1.2.3.4/', undefined],
  ['1.2.3.4/-1', undefined],
  ['1.2.3.4/8/8', undefined],
  ['1.2.3.256', undefined],
  ['1.2.3.4.5', undefined],
  ['1.2.3.4.', undefined],
  ['/', 'write a file as "file:/PATH"'],
  ['/etc/list', 'write a file as "file:/PATH"'],
  ['-', undefined],
  ['.', undefined],
  ['::1/129', undefined],
  ['1::2::3', undefined],
  ['[::1]', undefined],
  ['::ffff:10.0.0.1', 'write "10.0.0.1"'],
  ['::ffff:10.0.0.0/104', 'write "10.0.0.0/8"'],
  ['::ffff:0:0/96', 'write "0.0.0.0/0"'],
  ['::ffff:010.0.0.1', undefined],
  ['10.0.0.9-10.0.0.1', 'write "10.0.0.1-10.0.0.9"'],
  ['10.0.0.1-::1', undefined],
  ['10.2-3', 'write all four, or a prefix such as "10.1.0.0/16"'],
  ['10.1.2.{3', 'write it as in "10.1.{2,3}"'],
  ['10.1.2.{}', 'write it as in "10.1.{2,3}"'],
  ['10.1.{2,3}.4', 'write it as in "10.1.{2,3}"'],
  ['10.1.2.3.{4}', 'write it as in "10.1.{2,3}"'],
  ['10.1.2.{256}', undefined],
  ['10.1.2.1-300', undefined],
  ['300.', undefined],
  ['10.0.0.1,10.0.0.2', 'write a list of several entries'],
  ['fe80::1', 'write it with the name of the interface: "fe80::1%eth0"'],
  ['fe80::1:0/112', 'write it with the name of the interface: "fe80::1:0%eth0/112"'],
  ['fe80::/40', 'write "fe80::/64" or "fe80::/10"'],
  ['fe80:0:1::/64', 'write "fe80::/64" or "fe80::/10"'],
  ['fe80:0:1::1%eth0', undefined],
  ['fe80::1%eth0/64', 'write "fe80::%eth0/64"'],
  ['fe80::%eth0/10', undefined],
  ['fe80::1%', undefined],
  ['fe80::1%eth0\x1b', undefined],
  ['fe80::1%interface-too-long', undefined],
  ['2001:db8::1%eth0', 'write "2001:db8::1"'],
  ['root@10.0.0.1', 'write the host or address alone'],
  ['root@', 'write the host or address alone'],
  ['=host.example', 'write the name alone: "host.example" or ".example"'],
  ['!10.0.0.1', 'use the other list'],
  ['ALL', 'write "0.0.0.0/0" and "::/0"'],
  ['host.10', undefined],
  ['.10', undefined],
  ['host..example', undefined],
  ['-host.example', undefined],
  ['host/24', undefined],
  ['bücher.example', 'write the form that begins with "xn--"'],
  ['1\u0660.0.0.1', 'write the form that begins with "xn--"'],
  [`${'a'.repeat(64)}.example`, undefined],
  [`${'a.'.repeat(126)}ex`, undefined],
  ['a'.repeat(300), undefined],
  ['file:list', 'write "file:/PATH"'],
  ['file:', 'write "file:/PATH"'],
  ['file:/etc/\0', undefined],
];

describe('an entry of an access list', () => {
  test('means one thing, in every notation of its forerunners (FEATURES 2.5, 4.1)', () => {
    expect(MEANINGS.map(([text]) => [text, meaning(text)])).toEqual(MEANINGS);
  });

  test('that is odd is refused, with what to write where that is clear (S47, S50, S51, S61)', () => {
    const expected = REFUSED.map(([text, help]) => [text, { refused: true, help }]);
    expect(REFUSED.map(([text]) => [text, meaning(text)])).toEqual(expected);
  });

  test('gives advice that is itself an entry (STYLE 24)', () => {
    const advised = REFUSED.flatMap(([, help]) =>
      Array.from(help?.matchAll(/"([^"]+)"/g) ?? [], ([, it = '']) => it),
    );
    const entries = advised.filter((it) => it !== 'xn--' && it !== 'file:/PATH');
    expect(entries.length).toBeGreaterThan(10);
    expect(entries.filter((it) => 'reason' in parseAccessEntry(it))).toEqual([]);
  });

  test('is an address or a name and never both (S43)', () => {
    const part = fc.constantFrom(
      '10',
      '0',
      '255',
      '256',
      'a',
      'x1',
      '0x1',
      '.',
      '..',
      '-',
      '/',
      ':',
      '%',
      'evil',
    );
    const text = fc.array(part, { maxLength: 10 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (it) => {
        const entry = parseAccessEntry(it);
        if ('reason' in entry) return;
        const name = entry.kind === 'host' ? entry.name : entry.kind === 'domain' ? entry.suffix : undefined;
        if (name === undefined) return;
        expect(parseAddress(name)).toBeUndefined();
        expect(name).toMatch(/[a-z_-][a-z0-9_-]*$|^[0-9.]*[a-z]/);
      }),
      { numRuns: 5000 },
    );
  });

  test('of link-local addresses matches on every link, or on the one it names (S50)', () => {
    const peers = [key('fe80::1', 1), key('fe80::1', 2), key('fe80::2', 2), key('fe80:0:1::1', 2)];
    expect(peers.map((peer) => holds('fe80::/64', peer))).toEqual([true, true, true, false]);
    expect(peers.map((peer) => holds('fe80::/10', peer))).toEqual([true, true, true, true]);
    expect(peers.map((peer) => holds('fe80::/16', peer))).toEqual([true, true, true, true]);
    const entry = parseAccessEntry('fe80::1%eth0');
    if (!('zone' in entry)) throw new Error('the entry has a zone');
    const prefix = withZone(entry.prefix, 2);
    expect(peers.map((peer) => prefixContains(prefix, peer))).toEqual([false, true, false, false]);
  });

  test('of a range has all of its addresses and no other (S46)', () => {
    const word = fc.nat({ max: 0xffff_ffff });
    const address = (number: number) =>
      [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
    fc.assert(
      fc.property(word, word, word, (a, b, other) => {
        const [first, last] = a < b ? [a, b] : [b, a];
        const text = `${address(first)}-${address(last)}`;
        for (const it of [first - 1, first, last, last + 1, other, Math.floor((a + b) / 2)]) {
          if (it < 0 || it > 0xffff_ffff) continue;
          expect(holds(text, key(address(it)))).toBe(it >= first && it <= last);
        }
      }),
    );
  });

  test('means the same each time, whatever was read before (S55)', () => {
    const texts = [...MEANINGS, ...REFUSED].map(([text]) => text);
    const once = texts.map(meaning);
    expect(texts.toReversed().map(meaning).toReversed()).toEqual(once);
    expect(texts.flatMap((text) => [text, text]).map(meaning)).toEqual(once.flatMap((it) => [it, it]));
  });
});
