import type { Source } from '../../config/source.ts';
import type { Dialect } from './dialect.ts';

/** Lines that belong together, as ranges of the text without their line breaks. */
export interface LogicalLine {
  readonly pieces: readonly { readonly start: number; readonly end: number }[];
  /** No inetd can make a service of a line that begins with `#`, indented or not. */
  readonly isComment: boolean;
  /** Index of the first line behind it. */
  readonly next: number;
}

/** The end of a line without its break, and whether a carriage return was left out too. */
function endOf(source: Source, index: number): number {
  const nextStart = source.lineStarts[index + 1];
  const end = nextStart === undefined ? source.text.length : nextStart - 1;
  const start = source.lineStarts[index] ?? end;
  return end > start && source.text[end - 1] === '\r' ? end - 1 : end;
}

function isContinued(
  source: Source,
  line: { readonly index: number; readonly end: number },
  dialect: Dialect,
): boolean {
  const next = source.lineStarts[line.index + 1];
  if (next === undefined || next === source.text.length) return false;
  switch (dialect.continuation) {
    case 'none':
      return false;
    case 'indent':
      return source.text[next] === ' ' || source.text[next] === '\t';
    case 'backslash':
      return source.text[line.end - 1] === '\\' && line.end > (source.lineStarts[line.index] ?? 0);
  }
}

function firstCharacter(source: Source, start: number, end: number): string | undefined {
  let at = start;
  while (at < end && (source.text[at] === ' ' || source.text[at] === '\t')) at++;
  return at < end ? source.text[at] : undefined;
}

/** The line that begins at `offset`, which is the beginning of a physical line or a place inside of one. */
export function logicalLineAt(
  source: Source,
  from: { readonly index: number; readonly offset: number },
  dialect: Dialect,
): LogicalLine {
  const pieces: { start: number; end: number }[] = [];
  const first = firstCharacter(source, from.offset, endOf(source, from.index));
  const isComment = first === '#';
  // Nothing to go on with: the next line, indented or not, is the first of its own.
  const isAlone = isComment || first === undefined;
  let start = from.offset;
  for (let index = from.index; ; index++) {
    const end = endOf(source, index);
    const goesOn = !isAlone && isContinued(source, { index, end }, dialect);
    pieces.push({ start, end: goesOn && dialect.continuation === 'backslash' ? end - 1 : end });
    if (!goesOn) return { pieces, isComment, next: index + 1 };
    start = source.lineStarts[index + 1] ?? end;
  }
}
