import type { Talk } from './talk.ts';

const FIRST = 0x20;
/** The printing characters of ASCII. */
const CHARACTERS = 95;
const COLUMNS = 72;
const LINE_BYTES = COLUMNS + 2;
/** What is said before others get their turn. */
const LINES_AT_ONCE = 28;

/** RFC 864: of the pattern in which each line of 72 characters begins with the next one, from line `first` on. */
export function chargenBytes(first: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => {
    const column = index % LINE_BYTES;
    if (column >= COLUMNS) return column === COLUMNS ? 0x0d : 0x0a;
    return FIRST + ((first + Math.floor(index / LINE_BYTES) + column) % CHARACTERS);
  });
}

/** Says the pattern without an end; whoever owns the connection has a limit. */
export function talkChargen(): Talk {
  let line = 0;
  return {
    next: () => {
      const bytes = chargenBytes(line, LINES_AT_ONCE * LINE_BYTES);
      line = (line + LINES_AT_ONCE) % CHARACTERS;
      return bytes;
    },
    take: () => {},
    finish: () => {},
  };
}
