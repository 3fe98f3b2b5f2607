import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAddressNotation } from '../../src/config/address-notation.ts';
import { parseListFile } from '../../src/config/list-file.ts';
import { formatPrefix, type Prefix } from '../../src/model/prefix.ts';
import type { PrefixColumns } from '../../src/model/prefix-list.ts';

function parse(text: string) {
  return parseListFile(Buffer.from(text, 'latin1'));
}

function prefixesOf({ keys, lengths, values, count, wordsPerKey }: PrefixColumns): readonly string[] {
  return Array.from({ length: count }, (_, row) => {
    const bytes = new Uint8Array(wordsPerKey * 4);
    const view = new DataView(bytes.buffer);
    for (let word = 0; word < wordsPerKey; word++)
      view.setUint32(word * 4, keys[row * wordsPerKey + word] ?? 0);
    const prefix: Prefix = { bytes, length: lengths[row] ?? 0 };
    return `${values[row]}: ${formatPrefix(prefix)}`;
  });
}

function read(text: string) {
  const { list, faults } = parse(text);
  return {
    prefixes: [...prefixesOf(list.v4), ...prefixesOf(list.v6)],
    faults: faults.map(({ line, text: entry }) => `${line}: ${entry}`),
  };
}

describe('a file of addresses', () => {
  test('has a prefix, an address or a range a line, and comments', () => {
    const text = [
      '# a list',
      '',
      '192.0.2.1',
      '10.0.0.0/8 ; office',
      '  198.51.100.0/24\t# with blanks \r',
      '2001:DB8::/32;x',
      '2001:db8::1#y',
      '203.0.113.4-203.0.113.7',
      '64:ff9b::192.0.2.33',
      '::',
      'fe80::/64',
      '0.0.0.0/0',
      '10.1.0.0',
    ].join('\n');
    expect(read(text)).toEqual({
      prefixes: [
        ...['3: 192.0.2.1', '4: 10.0.0.0/8', '5: 198.51.100.0/24', '8: 203.0.113.4/30', '12: 0.0.0.0/0'],
        ...['13: 10.1.0.0', '6: 2001:db8::/32', '7: 2001:db8::1', '9: 64:ff9b::c000:221', '10: ::'],
        '11: fe80::/64',
      ],
      faults: [],
    });
  });

  test('is refused line by line where it says something else (S51)', () => {
    const wrong = [
      ...[
        'host.example',
        '10.1.',
        '10.0.0.1/8',
        '010.0.0.1',
        '1.2.3',
        '1.2.3.4/33',
        '1.2.3.4/08',
        '1.2.3.256',
      ],
      ...['1.2.3.4 5.6.7.8', '1.2.3.4x', '1.2.3.4/', '::1/129', '1::2::3', '1:2:3:4:5:6:7', '2001:db8::1/32'],
      ...['::ffff:10.0.0.1', 'fe80::1', 'fe80::1%eth0', '10.0.0.9-10.0.0.1', '1:2:3:4:5:6:7:8:9'],
    ];
    const { prefixes, faults } = read(`192.0.2.1\n${wrong.join('\n')}\n192.0.2.2\n`);
    expect(faults).toEqual(wrong.map((entry, index) => `${index + 2}: ${entry}`));
    expect(prefixes).toEqual(['1: 192.0.2.1', `${wrong.length + 2}: 192.0.2.2`]);
  });

  test('keeps twenty faults and counts the rest', () => {
    const { faults, faultCount } = parse('x\n'.repeat(5000));
    expect([faults.length, faultCount, faults.at(-1)?.line]).toEqual([20, 5000, 20]);
    expect(parse('x\n'.repeat(200_000)).faultCount).toBe(100_000);
  });

  test('that a small text makes large is refused (promise 5)', { timeout: 60_000 }, () => {
    const { faults, list } = parse('0.0.0.1-255.255.255.254\n'.repeat(80_000));
    expect(faults.map(({ reason }) => reason)).toEqual(['a list has at most 4194304 prefixes']);
    expect(list.v4.count).toBeLessThan(4_194_304 + 100);
  });

  test('is not confused by an endless line, NULs or bytes that are no text', () => {
    expect(parse('1'.repeat(1_000_000)).faultCount).toBe(1);
    expect(parse(`${'1.2.3.4'}${' '.repeat(1_000_000)}\n5.6.7.8`).list.v4.count).toBe(2);
    expect(read('1.2.3.4\0\n\xff\xfe\n5.6.7.8').prefixes).toEqual(['3: 5.6.7.8']);
    expect(parse('').list.v4.count).toBe(0);
  });

  test('is read as its entries are read one by one, quick way or slow (S54)', () => {
    const piece = fc.constantFrom(
      ...['0', '1', '00', '10', '255', '256', 'ff', 'fe80', 'ffff', '::', ':', '.', '/', '-'],
    );
    const odd = fc.array(piece, { minLength: 1, maxLength: 9 }).map((pieces) => pieces.join(''));
    const ipv4 = fc.tuple(fc.ipV4(), fc.constantFrom('', '/0', '/8', '/24', '/32', '/33'));
    const ipv6 = fc.tuple(fc.ipV6(), fc.constantFrom('', '/0', '/16', '/64', '/127', '/128', '/129'));
    const entry = fc.oneof(
      odd,
      ipv4.map((it) => it.join('')),
      ipv6.map((it) => it.join('')),
    );
    fc.assert(
      fc.property(entry, (text) => {
        const alone = parseAddressNotation(text);
        const expected = 'reason' in alone ? [] : alone.map((prefix) => `1: ${formatPrefix(prefix)}`);
        expect(read(text).prefixes).toEqual(expected);
      }),
      { numRuns: 20_000 },
    );
  });
});
