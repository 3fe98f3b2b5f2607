import { lineIndexAt, type Place, type Source } from '../../config/source.ts';
import { itemAt } from '../../model/item-at.ts';
import type { Dialect } from './dialect.ts';
import { KeyValueScanner } from './key-value-scanner.ts';
import { type LogicalLine, logicalLineAt } from './logical-line.ts';
import { type SplitLine, splitWords } from './split-words.ts';
import type { Statement } from './statement.ts';
import { partOf, type Word } from './word.ts';

interface Cursor {
  readonly index: number;
  readonly offset: number;
}

interface Read {
  readonly statement: Statement;
  readonly next: Cursor;
}

/** `on` and `off`, to which a comment may stick. */
const SWITCH = /^(on|off)(?:#|$)/;

function placeOf(source: Source, line: LogicalLine): Place {
  const { start } = itemAt(line.pieces, 0);
  const last = itemAt(line.pieces, -1);
  // An empty line at the end is one of its lines, too.
  const isEmptied = line.pieces.length > 1 && last.start === last.end;
  return { source, start, end: isEmptied ? Math.min(last.end + 1, source.text.length) : last.end };
}

function startOfLine(source: Source, index: number): Cursor {
  return { index, offset: source.lineStarts[index] ?? source.text.length };
}

/** Behind a semicolon another definition may stand, or a comment, or nothing. */
function cursorBehind(source: Source, end: number): Cursor {
  const rest = /[^ \t]/g;
  rest.lastIndex = end;
  const offset = rest.exec(source.text)?.index ?? source.text.length;
  const index = lineIndexAt(source, Math.max(end - 1, 0));
  const isRest = !'\r\n'.includes(source.text[offset] ?? '\n');
  return isRest ? { index, offset } : startOfLine(source, index + 1);
}

function readPairs(source: Source, head: Word, flag: Word): Read {
  const word = SWITCH.exec(flag.text)?.[1] ?? '';
  const { pairs, fault, end } = new KeyValueScanner(source, partOf(flag, word.length).place.start).scan();
  const place = { source, start: head.place.start, end };
  return {
    statement: { kind: 'pairs', place, head, isOn: word === 'on', pairs, fault },
    next: cursorBehind(source, end),
  };
}

function faultOf({ words, openQuote, isCut }: SplitLine): Extract<Statement, { kind: 'words' }>['fault'] {
  if (openQuote) return { at: openQuote, reason: 'the quote is not closed' };
  const last = words.at(-1);
  return isCut && last ? { at: last.place, reason: 'there are too many words' } : undefined;
}

function readAt(source: Source, cursor: Cursor, dialect: Dialect): Read {
  const line = logicalLineAt(source, cursor, dialect);
  const place = placeOf(source, line);
  const next = startOfLine(source, line.next);
  if (line.isComment) return { statement: { kind: 'comment', place }, next };
  const [head, flag] = splitWords(line, { source, dialect, most: 2 }).words;
  if (!head) return { statement: { kind: 'blank', place }, next };
  if (dialect.name === 'netbsd' && flag && SWITCH.test(flag.text)) return readPairs(source, head, flag);
  const split = splitWords(line, { source, dialect });
  return { statement: { kind: 'words', place, words: split.words, fault: faultOf(split) }, next };
}

/** The statements of a file, in its order: every line is in one of them. */
export function* readStatements(source: Source, dialect: Dialect): Generator<Statement> {
  let cursor = startOfLine(source, 0);
  while (cursor.offset < source.text.length) {
    const { statement, next } = readAt(source, cursor, dialect);
    yield statement;
    cursor = next;
  }
}
