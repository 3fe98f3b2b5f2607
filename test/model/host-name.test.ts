import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { looksLikeAddress, parseHostName } from '../../src/model/host-name.ts';

describe('a host name', () => {
  test.each([
    ['Good.Example.', 'good.example'],
    ['a_b.example', 'a_b.example'],
    ['_dmarc.x-y.example', '_dmarc.x-y.example'],
    ['localhost', 'localhost'],
    ['10.0.0.1', '10.0.0.1'],
    [`${'x'.repeat(63)}.example`, `${'x'.repeat(63)}.example`],
  ])('%j is %j', (text, name) => {
    expect(parseHostName(text)).toBe(name);
  });

  test.each([
    ...[
      '',
      '.',
      'a..b',
      '.a',
      'a.b..',
      '-froot',
      'a.-b',
      'a-.b',
      '() { :;}',
      '$(id)',
      'a b',
      'a\n',
      'a\0b',
      '\u212a.example',
    ],
    ...['é.example', '::1', 'a/b', 'a%25b', `${'x'.repeat(64)}.example`, `${'a.'.repeat(127)}b`, '*.example'],
  ])('%j is none (S30)', (text) => {
    expect(parseHostName(text)).toBeUndefined();
  });

  test('is never more than 253 characters of a host name, and stays what it is (S30)', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.domain(), fc.stringMatching(/^[a-zA-Z0-9._-]{1,260}$/)),
        (text) => {
          const name = parseHostName(text);
          if (name === undefined) return;
          expect(name).toMatch(/^[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9_])?$/);
          expect(parseHostName(name)).toBe(name);
        },
      ),
    );
  });

  test('that ends in a number could be taken for an address (S43)', () => {
    const names = ['10.0.0.1', '1', 'x.1', 'x.0x7f', 'x.0x', '10.0.0.1.evil', 'x1', 'x.1x', 'x.0y1'];
    expect(names.map(looksLikeAddress)).toEqual([true, true, true, true, true, false, false, false, false]);
  });
});
