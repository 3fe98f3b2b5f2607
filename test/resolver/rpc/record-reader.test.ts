import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeRecord } from '../../../src/resolver/rpc/encode-record.ts';
import { RecordReader } from '../../../src/resolver/rpc/record-reader.ts';

const MOST = 256;
const message = fc.uint8Array({ maxLength: MOST });

/** A record in fragments that end at the given places. */
function inFragments(record: Uint8Array, cuts: readonly number[]): Uint8Array {
  const ends = [...new Set(cuts.map((it) => it % (record.length + 1)))].sort((a, b) => a - b);
  const fragments = [...ends, record.length].map((end, index) => record.subarray(ends[index - 1] ?? 0, end));
  return Buffer.concat(
    fragments.map((fragment, index) => {
      const bytes = encodeRecord(fragment);
      if (index < fragments.length - 1) bytes[0] = 0;
      return bytes;
    }),
  );
}

/** What comes out when the bytes come in pieces of the given sizes. */
function feed(reader: RecordReader, bytes: Uint8Array, sizes: readonly number[]) {
  const records: Uint8Array[] = [];
  let index = 0;
  for (let at = 0; at < bytes.length; index++) {
    const size = sizes[index % sizes.length] ?? bytes.length;
    const pushed = reader.push(bytes.subarray(at, at + size));
    if (!pushed) return undefined;
    records.push(...pushed);
    at += size;
  }
  return records;
}

describe('records of a stream', () => {
  test('come out as they went in, whatever the fragments and the pieces', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 64 }), { minLength: 1 });
    fc.assert(
      fc.property(fc.array(fc.tuple(message, fc.array(fc.nat()))), sizes, (all, pieces) => {
        const stream = Buffer.concat(all.map(([record, cuts]) => inFragments(record, cuts)));
        const records = feed(new RecordReader(MOST), stream, pieces);
        expect(records?.map((it) => [...it])).toEqual(all.map(([record]) => [...record]));
      }),
    );
  });

  test.each([
    ['one fragment', inFragments(new Uint8Array(MOST + 1), [])],
    ['several', inFragments(new Uint8Array(MOST + 1), [100, 200])],
    ['a length of 2^31 - 1', Uint8Array.of(0x7f, 0xff, 0xff, 0xff)],
    ['a length of 2^31 - 1 in the last', Uint8Array.of(0xff, 0xff, 0xff, 0xff)],
  ])('that are too long, by %s, are refused ever after (S97, S100)', (_, bytes) => {
    const reader = new RecordReader(MOST);
    expect(reader.push(bytes)).toBeUndefined();
    expect(reader.push(encodeRecord(new Uint8Array(4)))).toBeUndefined();
  });

  test('that are fragments without a byte keep nothing', () => {
    const reader = new RecordReader(MOST);
    expect(reader.push(new Uint8Array(4 * 10_000))).toEqual([]);
    expect(reader.push(encodeRecord(Uint8Array.of(1, 2, 3, 4)))).toEqual([Buffer.of(1, 2, 3, 4)]);
  });
});
