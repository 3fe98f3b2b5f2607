import type { Place, Source } from '../../config/source.ts';
import type { Dialect } from './dialect.ts';
import type { LogicalLine } from './logical-line.ts';
import type { Word } from './word.ts';

/** More than a service can have arguments. */
const MOST_WORDS = 1100;

/** The words of a line, and what keeps the line from being read. */
export interface SplitLine {
  readonly words: readonly Word[];
  /** A quote that nothing closes. */
  readonly openQuote: Place | undefined;
  /** There are more words than anybody can use; the rest was not looked at. */
  readonly isCut: boolean;
}

interface Scan {
  readonly word: Word;
  readonly next: number;
  readonly isOpen: boolean;
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}

interface Range {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

function endOfBare({ source, start, end }: Range, stopsAt: string): number {
  let at = start;
  while (at < end && !isBlank(source.text[at]) && (at === start || source.text[at] !== stopsAt)) at++;
  return at;
}

function bare(range: Range, stopsAt = ''): Scan {
  const { source, start } = range;
  const at = endOfBare(range, stopsAt);
  const place = { source, start, end: at };
  return { word: { text: source.text.slice(start, at), place, isLiteral: true }, next: at, isOpen: false };
}

/** FreeBSD and GNU: what begins with a quote ends with it, whatever follows. GNU takes an open one as it is. */
function quotedWord(range: Range, style: 'word' | 'gnu'): Scan {
  const { source, start, end } = range;
  const quote = source.text[start];
  const close = source.text.indexOf(quote ?? '', start + 1);
  const isOpen = close === -1 || close >= end;
  if (isOpen && style === 'gnu') return bare(range, '"');
  const last = isOpen ? end : close;
  const place = { source, start, end: isOpen ? end : close + 1 };
  return {
    word: { text: source.text.slice(start + 1, last), place, isLiteral: false },
    next: place.end,
    isOpen,
  };
}

/** NetBSD: quotes anywhere in a word, as in a shell, without escapes. */
function shellWord({ source, start, end }: Range): Scan {
  const parts: string[] = [];
  let quote = '';
  let at = start;
  let from = start;
  for (; at < end && (quote !== '' || !isBlank(source.text[at])); at++) {
    const character = source.text[at] ?? '';
    const isQuote = quote === '' ? character === '"' || character === "'" : character === quote;
    if (!isQuote) continue;
    parts.push(source.text.slice(from, at));
    from = at + 1;
    quote = quote === '' ? character : '';
  }
  parts.push(source.text.slice(from, at));
  const word = { text: parts.join(''), place: { source, start, end: at }, isLiteral: parts.length === 1 };
  return { word, next: at, isOpen: quote !== '' };
}

function scanWord(range: Range, dialect: Dialect): Scan {
  const first = range.source.text[range.start];
  if (dialect.quotes === 'shell') return shellWord(range);
  const isQuote = first === '"' || first === "'";
  if (isQuote && dialect.quotes !== 'none') return quotedWord(range, dialect.quotes);
  return bare(range, dialect.quotes === 'gnu' ? '"' : '');
}

/** Splits at blanks and tabs, with the quotes of the dialect. */
export function splitWords(
  line: Pick<LogicalLine, 'pieces'>,
  options: { readonly source: Source; readonly dialect: Dialect; readonly most?: number },
): SplitLine {
  const { source, dialect, most = MOST_WORDS } = options;
  const words: Word[] = [];
  for (const { start, end } of line.pieces) {
    for (let at = start; at < end; ) {
      if (isBlank(source.text[at])) {
        at++;
        continue;
      }
      if (words.length === most) return { words, openQuote: undefined, isCut: true };
      const { word, next, isOpen } = scanWord({ source, start: at, end }, dialect);
      words.push(word);
      if (isOpen) return { words, openQuote: word.place, isCut: false };
      at = next;
    }
  }
  return { words, openQuote: undefined, isCut: false };
}
