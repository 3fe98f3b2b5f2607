import type { Place } from '../../config/source.ts';

/** What stands between blanks; `text` of a string is without its quotes. */
export interface Token {
  readonly kind: 'word' | 'string' | 'number' | 'address' | 'mark';
  readonly text: string;
  readonly place: Place;
}

/** From the beginning of one place to the end of another of the same file. */
export function spanning(first: Place, last: Place): Place {
  return { source: first.source, start: first.start, end: Math.max(first.end, last.end) };
}
