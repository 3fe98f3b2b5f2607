import type { Place, Source } from '../../config/source.ts';
import type { Text } from './text.ts';

/** A line as systemd.syntax(7) has it, with those that it goes on in. */
export interface UnitLine {
  readonly kind: 'blank' | 'comment' | 'text';
  /** Whole lines, with their breaks. */
  readonly place: Place;
  readonly text: Text;
}

/** A line without its break and the blanks ahead of it; systemd takes a carriage return for a part of the break. */
interface Raw {
  readonly begin: number;
  readonly start: number;
  readonly end: number;
}

function rawLine(source: Source, index: number): Raw {
  const begin = source.lineStarts[index] ?? source.text.length;
  const next = source.lineStarts[index + 1];
  const end = next === undefined ? source.text.length : next - 1;
  let stop = end;
  if (stop > begin && source.text[stop - 1] === '\r') stop--;
  let start = begin;
  while (start < stop && (source.text[start] === ' ' || source.text[start] === '\t')) start++;
  return { begin, start, end: stop };
}

function isComment({ text }: Source, { start, end }: Raw): boolean {
  return start < end && (text[start] === '#' || text[start] === ';');
}

/** An odd number of backslashes: the last one is not escaped itself. */
function goesOn({ text }: Source, { start, end }: Raw): boolean {
  let count = 0;
  while (end - count > start && text[end - count - 1] === '\\') count++;
  return count % 2 === 1;
}

/** A text from `index` on, and the index of the line behind it. Comments on the way are no part of it. */
function joinLines(source: Source, index: number, count: number): { text: Text; next: number } {
  const pieces: { at: number; start: number }[] = [];
  const parts: string[] = [];
  let length = 0;
  let next = index;
  for (let isOver = false; next < count && !isOver; next++) {
    const raw = rawLine(source, next);
    if (next > index && isComment(source, raw)) continue;
    isOver = !goesOn(source, raw);
    const part = isOver
      ? source.text.slice(raw.start, raw.end)
      : `${source.text.slice(raw.start, raw.end - 1)} `;
    pieces.push({ at: length, start: raw.start });
    parts.push(part);
    length += part.length;
  }
  return { text: { text: parts.join(''), source, pieces }, next };
}

/** How many lines a text has; nothing stands behind the last break. */
function countLines({ text, lineStarts }: Source): number {
  return lineStarts.at(-1) === text.length ? lineStarts.length - 1 : lineStarts.length;
}

/** All lines of a unit file. */
export function readLines(source: Source): readonly UnitLine[] {
  const lines: UnitLine[] = [];
  const count = countLines(source);
  for (let index = 0; index < count; ) {
    const raw = rawLine(source, index);
    const placeTo = (next: number): Place => {
      return { source, start: raw.begin, end: source.lineStarts[next] ?? source.text.length };
    };
    const text = { text: '', source, pieces: [{ at: 0, start: raw.start }] };
    if (raw.start === raw.end || isComment(source, raw)) {
      lines.push({ kind: raw.start === raw.end ? 'blank' : 'comment', place: placeTo(index + 1), text });
      index++;
      continue;
    }
    const joined = joinLines(source, index, count);
    lines.push({ kind: 'text', place: placeTo(joined.next), text: joined.text });
    index = joined.next;
  }
  return lines;
}
