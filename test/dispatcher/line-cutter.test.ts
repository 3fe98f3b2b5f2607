import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LineCutter, MOST_LINE_BYTES } from '../../src/dispatcher/line-cutter.ts';

type Line = readonly [text: string, isCut: boolean];

function linesOf(pieces: readonly Uint8Array[]): readonly Line[] {
  const lines: Line[] = [];
  const cutter = new LineCutter();
  const onLine = (text: string, isCut: boolean): void => void lines.push([text, isCut]);
  for (const piece of pieces) cutter.take(piece, onLine);
  cutter.end(onLine);
  return lines;
}

/** By splitting all of it at once. */
function expected(bytes: Uint8Array): readonly Line[] {
  const lines = Buffer.from(bytes).toString('latin1').split('\n');
  return lines.flatMap((line): Line[] => {
    const kept = Buffer.from(line.slice(0, MOST_LINE_BYTES), 'latin1').toString('utf8');
    return line === '' ? [] : [[kept, line.length > MOST_LINE_BYTES]];
  });
}

describe('LineCutter', () => {
  test('makes the same lines of bytes however they come', () => {
    const byte = fc.oneof(fc.constant(0x0a), fc.integer({ min: 0, max: 255 }));
    const line = fc.nat({ max: 2 * MOST_LINE_BYTES }).map((length) => Buffer.alloc(length, 'x'));
    const piece = fc.oneof(
      fc.array(byte, { maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
      line,
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        expect(linesOf(pieces)).toEqual(expected(Buffer.concat(pieces)));
      }),
    );
  });

  test('tells at what length a line is cut', () => {
    const line = Buffer.alloc(MOST_LINE_BYTES, 'x');
    expect(linesOf([line])).toEqual([[line.toString(), false]]);
    expect(linesOf([line, Buffer.from('y\nz\n')])).toEqual([
      [line.toString(), true],
      ['z', false],
    ]);
  });
});
