import type { Place } from '../../config/source.ts';

/** A field of a line as the dialect reads it. */
export interface Word {
  readonly text: string;
  readonly place: Place;
  /** Begins with the text of the file as it is, so that parts of it have places of their own. */
  readonly isLiteral: boolean;
}

/** A part of a word, with its own place if that can be told. */
export function partOf(word: Word, start: number, end: number = word.text.length): Word {
  const text = word.text.slice(start, end);
  if (!word.isLiteral) return { ...word, text };
  const from = word.place.start + start;
  return { text, isLiteral: true, place: { ...word.place, start: from, end: from + text.length } };
}
