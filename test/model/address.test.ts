import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addressKey,
  type Endpoint,
  formatAddress,
  parseAddress,
  unmapEndpoint,
} from '../../src/model/address.ts';
import { formatPrefix, prefixContains, prefixOf, withZone } from '../../src/model/prefix.ts';

function bytes(text: string): Uint8Array {
  return parseAddress(text) ?? new Uint8Array();
}

function endpoint(text: string, scopeId = 0): Endpoint {
  return { family: text.includes(':') ? 6 : 4, bytes: bytes(text), port: 1024, scopeId };
}

describe('an address', () => {
  test('means what Python says that it means, or is refused, in thousands of odd spellings (S51)', () => {
    const piece = fc.constantFrom(
      '0',
      '1',
      '00',
      '010',
      '255',
      '256',
      '0x7f',
      'ffff',
      '10000',
      ':',
      '::',
      '.',
      '%',
      ' ',
    );
    const odd = fc.array(piece, { minLength: 1, maxLength: 12 }).map((pieces) => pieces.join(''));
    const octet = fc.constantFrom('0', '1', '127', '255', '256', '08', '0x1');
    const dotted = fc.array(octet, { minLength: 3, maxLength: 5 }).map((octets) => octets.join('.'));
    const tail = fc.tuple(fc.constantFrom('::', '::ffff:', '64:ff9b::', '1:2:3:4:5:6:'), dotted);
    const texts = fc.sample(
      fc.oneof(
        odd,
        dotted,
        tail.map((it) => it.join('')),
      ),
      { numRuns: 6000, seed: 51 },
    );
    const script = 'test/fixtures/oracle/parse-address.py';
    const answers = execFileSync('python3', [script], { input: texts.join('\n'), encoding: 'utf8' });
    const expected = answers.trimEnd().split('\n');
    // Python reads zones; a rule gives them in another way, and parseAddress has none.
    const ours = texts.map((text) => {
      const parsed = parseAddress(text);
      return parsed === undefined ? '-' : Buffer.from(parsed).toString('hex');
    });
    const differing = texts.filter((text, index) => !text.includes('%') && ours[index] !== expected[index]);
    expect(differing).toEqual([]);
    expect(ours.filter((it) => it !== '-').length).toBeGreaterThan(100);
    expect(parseAddress('fe80::1%1')).toBeUndefined();
  });

  test('keeps its family unless it is IPv4-mapped (S47)', () => {
    const verdicts = [
      ['::ffff:10.1.2.3', '10.1.2.3'],
      ['::ffff:a01:203', '10.1.2.3'],
      ['::10.1.2.3', '::a01:203'],
      ['64:ff9b::10.1.2.3', '64:ff9b::a01:203'],
      ['2002:a01:203::1', '2002:a01:203::1'],
      ['::ffff:0:10.1.2.3', '::ffff:0:a01:203'],
      ['10.1.2.3', '10.1.2.3'],
    ] as const;
    for (const [written, meant] of verdicts) {
      const key = addressKey(unmapEndpoint(endpoint(written)));
      expect([written, formatAddress(key)]).toEqual([written, meant]);
      const isIpv4 = prefixContains(prefixOf(bytes('10.0.0.0'), 8), key);
      expect([written, isIpv4]).toEqual([written, !meant.includes(':')]);
    }
  });

  test('on one link is not the same address on another (S50)', () => {
    const onLo = addressKey(endpoint('fe80::1', 1));
    const onEth = addressKey(endpoint('fe80::1', 2));
    expect(onLo).not.toEqual(onEth);
    const rule = withZone(prefixOf(bytes('fe80::1'), 128), 2);
    expect([onLo, onEth].map((key) => prefixContains(rule, key))).toEqual([false, true]);
    expect(formatPrefix(rule)).toBe('fe80::1%2');
    expect(formatPrefix(withZone(prefixOf(bytes('fe80::'), 64), 3))).toBe('fe80::%3/64');
  });

  test('that no standard link-local address can be matches no rule with a zone (S50)', () => {
    const odd = addressKey(endpoint('fe80:0:1::1', 2));
    for (let index = 0; index < 4; index++) {
      expect(prefixContains(withZone(prefixOf(bytes('fe80::1'), 128), index), odd)).toBe(false);
    }
    expect(prefixContains(prefixOf(bytes('fe80::'), 10), odd)).toBe(true);
  });

  test('has a zone only where it is link-local (S50)', () => {
    expect(addressKey(endpoint('2001:db8::1', 7))).toEqual(bytes('2001:db8::1'));
    expect(addressKey(endpoint('192.0.2.1', 7))).toEqual(bytes('192.0.2.1'));
  });
});
