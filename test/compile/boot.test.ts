import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Blob } from '../../src/compile/blob.ts';
import { type Boot, encodeBoot, factsOfBoot } from '../../src/compile/boot.ts';
import { exampleBoot } from './example.ts';

describe('the boot record', () => {
  test('gives back the facts for the compiler, whatever they say', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (facts) => {
        expect(factsOfBoot(encodeBoot({ ...exampleBoot, facts }))).toBe(facts);
      }),
    );
  });

  test('of another version is not read', () => {
    for (const at of [0, 4]) {
      const bytes = encodeBoot(exampleBoot);
      new DataView(bytes.buffer).setUint32(at, 7, true);
      expect(() => factsOfBoot(bytes)).toThrow('not of this version');
    }
  });

  test('names the socket that is notified and the file with the number, where there are any', () => {
    const lifeOf = (changes: Partial<Boot>) => {
      const bytes = encodeBoot({ ...exampleBoot, ...changes });
      const view = new DataView(bytes.buffer);
      const [notify = 0, pidFile = 0, , flags] = [0, 4, 8, 12].map((at) => view.getUint32(288 + at, true));
      const textAt = (at: number) =>
        at === 0 ? undefined : new TextDecoder().decode(bytes.subarray(at, bytes.indexOf(0, at)));
      return [textAt(notify), textAt(pidFile), flags];
    };
    expect(lifeOf({})).toEqual([undefined, undefined, 0]);
    expect(lifeOf({ notify: '/run/notify' })).toEqual(['/run/notify', undefined, 0]);
    expect(lifeOf({ pidFile: '/run/z.pid' })).toEqual([undefined, '/run/z.pid', 1]);
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

  test('has each text once, and each list of bytes', () => {
    const blob = new Blob(16);
    expect(blob.string('again')).toBe(blob.string('again'));
    expect(blob.text('again')).toBe(blob.string('again'));
    const bytes = Uint8Array.of(1, 2, 3);
    expect(blob.text(bytes)).toBe(blob.text(bytes));
    expect(blob.text(bytes.slice())).not.toBe(blob.text(bytes));
  });
});
