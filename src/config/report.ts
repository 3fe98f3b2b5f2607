import { CODES, type Code, type Severity } from './codes.ts';
import { type Diagnostic, type Span, spanOf } from './diagnostic.ts';
import type { Place } from './source.ts';

/** A problem as the steps state it; the file as a whole may stand in for a place. */
export interface Problem {
  readonly code: Code;
  readonly at: Place | { readonly file: string };
  readonly message: string;
  readonly help?: string | undefined;
  readonly related?: readonly { readonly at: Place; readonly message: string }[];
}

/** A file of nonsense has a problem on each line; nobody reads more than this. */
const MOST_ERRORS = 200;

function toSpan(at: Problem['at']): Span {
  return 'file' in at ? { file: at.file, range: undefined } : spanOf(at);
}

function position(span: Span): readonly [number, number] {
  return [span.range?.line ?? 0, span.range?.column ?? 0];
}

function bySpan(left: Diagnostic, right: Diagnostic): number {
  if (left.span.file !== right.span.file) return left.span.file < right.span.file ? -1 : 1;
  const [leftLine, leftColumn] = position(left.span);
  const [rightLine, rightColumn] = position(right.span);
  return leftLine - rightLine || leftColumn - rightColumn;
}

/** Collects what is wrong with a configuration while the steps go on. */
export class Report {
  readonly #diagnostics: Diagnostic[] = [];
  /** A fault in `defaults` is one fault, however many services inherit it. */
  readonly #said = new Set<string>();
  /** A service with an error is left out, and the others stay, as inetd has it. */
  readonly leavesOut: boolean;
  #errors = 0;
  /** Repeated ones counted in. */
  #met = 0;

  constructor({ leavesOut }: { readonly leavesOut: boolean } = { leavesOut: false }) {
    this.leavesOut = leavesOut;
  }

  get hasErrors(): boolean {
    return this.#errors > 0;
  }

  get errors(): number {
    return this.#errors;
  }

  /** Whether what has been found so far leaves no configuration at all. */
  get isFatal(): boolean {
    return this.hasErrors && !this.leavesOut;
  }

  /** What `work` gives for one service; undefined when it met an error and the service can be left out. */
  alone<T>(work: () => T): T | undefined {
    const before = this.#met;
    const result = work();
    return this.leavesOut && this.#met > before ? undefined : result;
  }

  add(problem: Problem): void {
    if (CODES[problem.code] === 'error') this.#met++;
    const span = toSpan(problem.at);
    // Without the text of the line, which may be long, and be the line of many problems.
    const said = JSON.stringify([problem.code, span.file, ...position(span), problem.message]);
    if (this.#said.has(said)) return;
    this.#said.add(said);
    const severity: Severity = CODES[problem.code];
    if (severity === 'error' && ++this.#errors > MOST_ERRORS) return;
    this.#diagnostics.push({
      code: problem.code,
      severity,
      message: problem.message,
      span,
      related: (problem.related ?? []).map(({ at, message }) => ({ message, span: spanOf(at) })),
      help: problem.help,
    });
  }

  /** By file, then by position. */
  diagnostics(): readonly Diagnostic[] {
    const sorted = this.#diagnostics.toSorted(bySpan);
    const more = this.#errors - MOST_ERRORS;
    const last = sorted.at(-1);
    if (more <= 0 || !last) return sorted;
    const message = `Cannot show ${more} more errors: the first ${MOST_ERRORS} are above`;
    const span: Span = { file: last.span.file, range: undefined };
    return [
      ...sorted,
      { code: 'config/too-many-problems', severity: 'error', message, span, related: [], help: undefined },
    ];
  }
}
