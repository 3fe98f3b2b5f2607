import type { Finding, Findings } from '../model/findings.ts';
import { describeSpan } from './describe-span.ts';
import type { Diagnostic } from './diagnostic.ts';
import { escapeUnprintable } from './quote.ts';
import { renderDiagnostics } from './render-diagnostics.ts';

/** Of errors there are no more anyway. */
const MOST_WARNINGS = 200;

function findingOf({ code, severity, message, span, help }: Diagnostic): Finding {
  const shownHelp = help === undefined ? undefined : escapeUnprintable(help);
  return { code, severity, place: describeSpan(span), message: escapeUnprintable(message), help: shownHelp };
}

/** All errors and the first warnings; that there are more is said, too. */
function withoutFlood(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const warnings = diagnostics.filter(({ severity }) => severity === 'warning');
  const more = new Set(warnings.slice(MOST_WARNINGS));
  const last = warnings.at(-1);
  if (more.size === 0 || !last) return diagnostics;
  const message = `Cannot show ${more.size} more warnings: "zinetd check" has them`;
  const told = diagnostics.filter((each) => !more.has(each));
  const span = { file: last.span.file, range: undefined };
  return [
    ...told,
    { code: 'config/too-many-problems', severity: 'warning', message, span, related: [], help: undefined },
  ];
}

/** What goes to the log, and to whoever asked for a reload. */
export function findingsOf(diagnostics: readonly Diagnostic[]): Findings {
  const told = withoutFlood(diagnostics);
  return { list: told.map(findingOf), text: renderDiagnostics(told) };
}
