import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Blob } from '../../src/compile/blob.ts';
import { encodeBoot, factsOfBoot } from '../../src/compile/boot.ts';
import { exampleBoot } from './example.ts';

describe('the boot record', () => {
  test('gives back the facts for the compiler, whatever they say', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (facts) => {
        expect(factsOfBoot(encodeBoot({ ...exampleBoot, facts }))).toBe(facts);
      }),
    );
  });
});

describe('a blob', () => {
  test('keeps rows aligned, strings terminated and its own length in the header', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.uint8Array(), (texts, bytes) => {
        const blob = new Blob(16);
        const offsets = texts.map((text) => blob.string(text));
        const raw = blob.raw(bytes, 1);
        const finished = blob.finish(1);
        const view = new DataView(finished.buffer);
        expect(view.getUint32(8, true)).toBe(finished.length);
        expect(finished.at(-1)).toBe(0);
        expect(raw.offset % 8).toBe(0);
        expect(finished.subarray(raw.offset, raw.offset + bytes.length)).toEqual(bytes);
        for (const [index, offset] of offsets.entries()) {
          const text = new TextEncoder().encode(texts[index]);
          expect(finished.subarray(offset, offset + text.length)).toEqual(text);
          expect(finished[offset + text.length]).toBe(0);
        }
      }),
    );
  });
});
