import type { Place, Source } from '../../config/source.ts';
import { MOST_LINE_BYTES } from './line-fault.ts';

/** A line without its break. */
export interface Line {
  readonly kind: 'blank' | 'comment' | 'text';
  readonly place: Place;
}

/** Only the first character that is no blank begins a comment. */
const NO_TEXT = /^[ \t\v\f\r]*(?:#|$)/;
const ONLY = {
  '{': /^[ \t\v\f\r]*\{[ \t\v\f\r]*$/,
  '}': /^[ \t\v\f\r]*\}[ \t\v\f\r]*$/,
} as const;

export function textOf({ source, start, end }: Place): string {
  return source.text.slice(start, end);
}

/** Whether a line holds this one character and nothing else, as `{` and `}` must. */
export function isOnly(line: Place, character: '{' | '}'): boolean {
  return line.end - line.start <= MOST_LINE_BYTES && ONLY[character].test(textOf(line));
}

/** From the beginning of one place to the end of another, which may be the same. */
export function spanning(first: Place, last: Place): Place {
  // An empty line has nothing but its break.
  const end = last.end === last.start ? last.end + 1 : last.end;
  return { source: first.source, start: first.start, end: Math.max(first.end, end) };
}

/** Goes through a file line by line. */
export class LineCursor {
  readonly #source: Source;
  #index = 0;
  #last: Place;

  constructor(source: Source) {
    this.#source = source;
    this.#last = { source, start: 0, end: 0 };
  }

  /** The line that was given last. */
  get last(): Place {
    return this.#last;
  }

  /** The next line; undefined behind the last one. */
  next(): Line | undefined {
    const { text, lineStarts } = this.#source;
    const start = lineStarts[this.#index];
    if (start === undefined || start === text.length) return undefined;
    const following = lineStarts[++this.#index];
    this.#last = { source: this.#source, start, end: following === undefined ? text.length : following - 1 };
    return { kind: this.#kindOf(this.#last), place: this.#last };
  }

  /** The next line that is neither blank nor a comment. */
  nextText(): Place | undefined {
    for (let line = this.next(); line; line = this.next()) if (line.kind === 'text') return line.place;
    return undefined;
  }

  /** What stands behind the longest line that xinetd reads is no part of a comment to it. */
  #kindOf(place: Place): Line['kind'] {
    const text = textOf(place);
    if (text.length > MOST_LINE_BYTES || !NO_TEXT.test(text)) return 'text';
    return text.trim() === '' ? 'blank' : 'comment';
  }
}
