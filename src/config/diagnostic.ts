import { itemAt } from '../model/item-at.ts';
import type { Code, Severity } from './codes.ts';
import { lineIndexAt, type Place } from './source.ts';

/** Where in its line something stands; line and columns count from 1, columns in UTF-16 units. */
export interface LineRange {
  readonly line: number;
  readonly column: number;
  /** One past the last column. */
  readonly endColumn: number;
  /** The whole line, for the frame. */
  readonly lineText: string;
}

/** A place that a diagnostic points at; without `range`, the file as a whole. */
export interface Span {
  readonly file: string;
  readonly range: LineRange | undefined;
}

/** A second place that explains the first. */
export interface Related {
  readonly message: string;
  readonly span: Span;
}

/** One problem of a configuration, as data; drawn by render-diagnostics.ts. */
export interface Diagnostic {
  readonly code: Code;
  readonly severity: Severity;
  readonly message: string;
  readonly span: Span;
  readonly related: readonly Related[];
  /** What to do, if there is something more to say than the message does. */
  readonly help: string | undefined;
}

/** A range over several lines is cut at the end of its first. */
export function spanOf(place: Place): Span {
  const { source, start, end } = place;
  const index = lineIndexAt(source, start);
  const lineStart = itemAt(source.lineStarts, index);
  const nextStart = source.lineStarts[index + 1];
  const lineEnd = nextStart === undefined ? source.text.length : nextStart - 1;
  const lineText = source.text.slice(lineStart, source.text[lineEnd - 1] === '\r' ? lineEnd - 1 : lineEnd);
  const column = start - lineStart + 1;
  const endColumn = Math.max(column + 1, Math.min(end - lineStart, lineText.length) + 1);
  return { file: source.name, range: { line: index + 1, column, endColumn, lineText } };
}
