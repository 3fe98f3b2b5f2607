import type { Place } from '../../config/source.ts';
import type { Token } from './token.ts';

/** A piece of a text of rlinetd, which has escapes and what stands for something about the client. */
export interface TextPiece {
  readonly kind: 'text' | 'modifier' | 'blank';
  /** Of a modifier its letter. */
  readonly text: string;
  readonly place: Place;
  /** What it is written as begins with a backslash or a percent sign. */
  readonly isSpecial: boolean;
}

/** Any other character behind a backslash is itself. */
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);
const PIECE = /\\([\s\S])|%([\s\S])|([ \t\n\v\f\r]+)|[^\\% \t\n\v\f\r]+|[\\%]/g;

/** Takes a text in quotes apart. */
export function textPieces({ text, place }: Token): readonly TextPiece[] {
  const { source } = place;
  return Array.from(text.matchAll(PIECE), ({ 0: all, 1: escaped, 2: modifier, 3: blank, index }) => {
    const start = place.start + 1 + index;
    const at = { source, start, end: start + all.length };
    const isSpecial = escaped !== undefined || modifier !== undefined;
    if (modifier !== undefined && modifier !== '%')
      return { kind: 'modifier', text: modifier, place: at, isSpecial };
    const literal = escaped === undefined ? (modifier ?? all) : (ESCAPES.get(escaped) ?? escaped);
    return { kind: blank === undefined ? 'text' : 'blank', text: literal, place: at, isSpecial };
  });
}
