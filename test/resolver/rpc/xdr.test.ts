import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { XdrReader } from '../../../src/resolver/rpc/xdr-reader.ts';
import { XdrWriter } from '../../../src/resolver/rpc/xdr-writer.ts';

const word = fc.nat({ max: 0xffff_ffff });
const item = fc.oneof(word, fc.string({ maxLength: 40, unit: 'grapheme' }));
const MOST = 1024;

function write(items: readonly (number | string)[]): Uint8Array {
  const writer = new XdrWriter();
  for (const it of items) typeof it === 'number' ? writer.word(it) : writer.text(it);
  return writer.finish();
}

function read(bytes: Uint8Array, items: readonly (number | string)[]) {
  const reader = new XdrReader(bytes);
  const values = items.map((it) => (typeof it === 'number' ? reader.word() : reader.text(MOST)));
  return { values, reader };
}

describe('XDR', () => {
  test('is written as RFC 4506 has it: big-endian words, texts filled up with zeros', () => {
    expect(Buffer.from(write([0x01020304, 'sunrp', ''])).toString('hex')).toBe(
      '01020304' + '00000005' + '73756e7270000000' + '00000000',
    );
  });

  test('is read as it was written', () => {
    fc.assert(
      fc.property(fc.array(item), (items) => {
        const { values, reader } = read(write(items), items);
        expect(values).toEqual(items);
        expect(reader.isComplete).toBe(true);
      }),
    );
  });

  test('that was cut, or has something behind it, is never complete', () => {
    fc.assert(
      fc.property(fc.array(item, { minLength: 1 }), fc.nat(), (items, at) => {
        const bytes = write(items);
        const cut = read(bytes.subarray(0, at % bytes.length), items).reader;
        expect([cut.isBroken, cut.isComplete]).toEqual([true, false]);
        const { reader } = read(Buffer.concat([bytes, Buffer.alloc(4)]), items);
        expect([reader.isBroken, reader.isComplete]).toEqual([false, false]);
      }),
    );
  });

  test.each([MOST + 1, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff])(
    'with a text of %i bytes is broken, whatever follows (S97, S100)',
    (length) => {
      const reader = new XdrReader(
        new XdrWriter()
          .word(length)
          .raw(new Uint8Array(MOST * 2))
          .finish(),
      );
      expect(reader.text(MOST)).toBe('');
      expect(reader.isBroken).toBe(true);
      expect(reader.word()).toBe(0);
      expect(reader.rest()).toHaveLength(0);
    },
  );
});
