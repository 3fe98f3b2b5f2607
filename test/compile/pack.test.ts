import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pack, unpack } from '../../src/compile/pack.ts';

const numbers = fc.oneof(
  fc.uint8Array(),
  fc.uint16Array(),
  fc.uint32Array(),
  fc.int32Array(),
  fc.float64Array({ noNaN: true }),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string(),
    fc.boolean(),
    fc.integer(),
    fc.constant(Number.POSITIVE_INFINITY),
    numbers,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string({ minLength: 1, maxLength: 5 }), tie('value'), {
      maxKeys: 4,
      noNullPrototype: true,
    }),
  ),
}));

test('what is packed comes back the same, arrays and infinity too', () => {
  fc.assert(
    fc.property(value, (each) => {
      expect(unpack(pack(each))).toEqual(each);
    }),
  );
});

test('an array that occurs in two lists is stored once', () => {
  const table = new Uint32Array(100_000);
  const once = pack({ first: table }).length;
  expect(pack({ first: table, second: [table, table] }).length - once).toBeLessThan(1000);
});

test('bytes that are not a policy are a bug that is loud', () => {
  expect(() => unpack(new Uint8Array(64))).toThrow('not what the compiler writes');
  expect(() => unpack(pack({ a: 1 }).subarray(0, 20))).toThrow();
});
