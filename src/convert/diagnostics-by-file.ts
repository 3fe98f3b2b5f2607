import type { Diagnostic } from '../config/diagnostic.ts';
import type { LineAccount } from '../config/foreign-format.ts';

function within({ file, line, lastLine }: LineAccount, { span }: Diagnostic): boolean {
  const at = span.range?.line;
  return span.file === file && at !== undefined && at >= line && at <= lastLine;
}

/** Finds the diagnostics of lines without looking at all of them for each. */
export class DiagnosticsByFile {
  readonly #files = new Map<string, Diagnostic[]>();

  constructor(diagnostics: readonly Diagnostic[]) {
    for (const diagnostic of diagnostics) {
      const own = this.#files.get(diagnostic.span.file) ?? [];
      own.push(diagnostic);
      this.#files.set(diagnostic.span.file, own);
    }
  }

  of(account: LineAccount): readonly Diagnostic[] {
    return (this.#files.get(account.file) ?? []).filter((diagnostic) => within(account, diagnostic));
  }
}
