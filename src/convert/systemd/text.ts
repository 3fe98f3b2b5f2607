import type { Place, Source } from '../../config/source.ts';

/** A text that may come from several lines: where each of its pieces begins, in the text and in the source. */
export interface Text {
  readonly text: string;
  readonly source: Source;
  readonly pieces: readonly { readonly at: number; readonly start: number }[];
}

/** A value with its place. */
export interface Word {
  readonly text: string;
  readonly place: Place;
}

function offsetAt({ pieces }: Text, at: number): number {
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((pieces[middle]?.at ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  const piece = pieces[low];
  return piece ? piece.start + (at - piece.at) : 0;
}

/** Where the characters from `from` up to `to` stand. */
export function placeIn(text: Text, from: number, to: number): Place {
  const start = offsetAt(text, from);
  return { source: text.source, start, end: to > from ? Math.max(start, offsetAt(text, to - 1) + 1) : start };
}
