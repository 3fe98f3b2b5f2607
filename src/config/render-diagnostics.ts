import { describeSpan } from './describe-span.ts';
import type { Diagnostic, LineRange, Related, Span } from './diagnostic.ts';
import { escapeUnprintable } from './quote.ts';

/** Of a long line only this much is shown, around the place. */
const MOST_COLUMNS = 100;
const COLUMNS_BEFORE = 40;
const NUMBER_COLUMNS = 5;

/** The part of the line that is shown, as text before, at and after the place. */
function excerpt({ lineText, column, endColumn }: LineRange): readonly [string, string, string] {
  const isLong = lineText.length > MOST_COLUMNS;
  const from = isLong ? Math.max(0, column - 1 - COLUMNS_BEFORE) : 0;
  const to = isLong ? Math.min(lineText.length, from + MOST_COLUMNS) : lineText.length;
  const before = `${from > 0 ? '...' : ''}${lineText.slice(from, column - 1)}`;
  const marked = lineText.slice(column - 1, Math.min(endColumn - 1, to));
  const after = `${lineText.slice(Math.max(endColumn - 1, from), to)}${to < lineText.length ? '...' : ''}`;
  const show = (text: string): string => escapeUnprintable(text.replaceAll('\t', ' '));
  return [show(before), show(marked), show(after)];
}

function frame(range: LineRange): readonly string[] {
  const [before, marked, after] = excerpt(range);
  const carets = '^'.repeat(Math.max(1, Array.from(marked).length));
  return [
    `${String(range.line).padStart(NUMBER_COLUMNS)} | ${before}${marked}${after}`,
    `${' '.repeat(NUMBER_COLUMNS)} | ${' '.repeat(Array.from(before).length)}${carets}`,
  ];
}

function renderRelated({ span, message }: Related): readonly string[] {
  return [`${describeSpan(span)}: note: ${message}`, ...(span.range ? frame(span.range) : [])];
}

function renderDiagnostic({ code, severity, message, span, related, help }: Diagnostic): string {
  const lines = [
    `${describeSpan(span)}: ${severity}[${code}]: ${escapeUnprintable(message)}`,
    ...(span.range ? frame(span.range) : []),
    ...(help === undefined ? [] : [`   help: ${escapeUnprintable(help)}`]),
    ...related.flatMap(renderRelated),
  ];
  return `${lines.join('\n')}\n`;
}

/** Diagnostics as text for people; empty for none. */
export function renderDiagnostics(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map(renderDiagnostic).join('');
}

interface SpanJson {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly end_column?: number;
}

function spanJson({ file, range }: Span): SpanJson {
  return range ? { file, line: range.line, column: range.column, end_column: range.endColumn } : { file };
}

/** Diagnostics for programs; the keys stay as they are. */
export function diagnosticsJson(diagnostics: readonly Diagnostic[]): readonly object[] {
  return diagnostics.map(({ code, severity, message, span, related, help }) => ({
    code,
    severity,
    message,
    ...spanJson(span),
    ...(help === undefined ? {} : { help }),
    related: related.map((each) => ({ message: each.message, ...spanJson(each.span) })),
  }));
}
