import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KEY_WORDS, sourceKeyWriter } from '../../src/admission/source-key.ts';
import { Counters } from '../../src/dispatcher/counters.ts';
import { NOBODY } from '../../src/model/nobody.ts';

const PREFIXES = { ipv4Prefix: 24, ipv6Prefix: 56 };
const write = sourceKeyWriter({ ipv4: PREFIXES.ipv4Prefix, ipv6: PREFIXES.ipv6Prefix });

function countersOf(): Counters {
  return new Counters({ sources: { ...PREFIXES, capacity: 64 }, secret: Uint32Array.of(1, 2) });
}

function expected(address: Uint8Array): Uint32Array {
  const words = new Uint32Array(KEY_WORDS);
  write(address, words);
  return words;
}

const byte = fc.constantFrom(0, 1, 2, 0xfe, 0xff);
const address = fc.oneof(
  fc.array(byte, { minLength: 4, maxLength: 4 }),
  fc.array(byte, { minLength: 16, maxLength: 16 }),
  fc.uint8Array({ minLength: 4, maxLength: 4 }),
);

describe('the source of an address', () => {
  test('is what its prefix says, whoever came before, and the same one for the same (S48, S49)', () => {
    fc.assert(
      fc.property(fc.array(address, { maxLength: 400, size: 'max' }), (given) => {
        const counters = countersOf();
        for (const each of given) {
          const bytes = Uint8Array.from(each);
          const source = counters.sourceOf(bytes);
          expect(source).toEqual(expected(bytes));
          expect(counters.sourceOf(bytes)).toBe(source);
        }
      }),
    );
  });

  test('of nobody is nobody alone, and counts for no source', () => {
    const counters = countersOf();
    const nobody = counters.sourceOf(NOBODY.bytes);
    const neighbour = counters.sourceOf(Uint8Array.from([0, 0, 0, 1]));
    expect(neighbour).toEqual(nobody);
    expect(neighbour).not.toBe(nobody);
    const visit = { service: 0, source: nobody };
    counters.admit(visit, { prepared: { policy: {} } as never, nowMs: 0 });
    expect(counters.facts(visit)).toMatchObject({ sourceRunning: 0, running: 1 });
    expect(counters.tracked).toBe(0);
  });
});
