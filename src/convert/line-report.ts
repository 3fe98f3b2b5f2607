import type { Diagnostic } from '../config/diagnostic.ts';
import type { LineAccount } from '../config/foreign-format.ts';
import { DiagnosticsByFile } from './diagnostics-by-file.ts';

/** What became of lines of a file, for programs; the keys stay as they are. */
export interface LineReport {
  readonly file: string;
  readonly line: number;
  readonly last_line: number;
  readonly became: 'service' | 'merged into' | 'comment' | 'blank' | 'directive' | 'unneeded' | 'dropped';
  /** Of the document; of what is dropped, as its file calls it, where that is known. */
  readonly service?: string;
  readonly enabled?: boolean;
  /** Why it was dropped. */
  readonly code?: string;
  readonly reason?: string;
  /** Codes of what is different from what it seems. */
  readonly warnings?: readonly string[];
}

function droppedFor(own: readonly Diagnostic[]): Pick<LineReport, 'code' | 'reason'> {
  const cause = own.find(({ severity }) => severity === 'error') ?? own[0];
  return cause ? { code: cause.code, reason: cause.message } : { reason: 'nothing could be made of it' };
}

/** Lines that are no service, and have nothing wrong with them. */
const AS_IT_IS: ReadonlySet<LineAccount['kind']> = new Set([
  'comment',
  'blank',
  'directive',
  'unneeded',
] as const);

export interface Outcomes {
  /** Also of services that are not enabled. */
  readonly diagnostics: readonly Diagnostic[];
  /** Whether a service is in the document. */
  isKept(name: string): boolean;
  isEnabled(name: string): boolean;
}

/** One for each account. */
export function lineReports(
  accounts: readonly LineAccount[],
  { diagnostics, isKept, isEnabled }: Outcomes,
): readonly LineReport[] {
  const byFile = new DiagnosticsByFile(diagnostics);
  const seen = new Set<string>();
  return accounts.map((account): LineReport => {
    const { file, line, lastLine, kind, name } = account;
    const at = { file, line, last_line: lastLine };
    if (AS_IT_IS.has(kind)) return { ...at, became: kind as LineReport['became'] };
    const own = byFile.of(account);
    const service = name === undefined ? {} : { service: name };
    if (kind === 'problem' || name === undefined || !isKept(name)) {
      return { ...at, became: 'dropped', ...service, ...droppedFor(own) };
    }
    const became = seen.has(name) ? 'merged into' : 'service';
    seen.add(name);
    const warnings = own.filter(({ severity }) => severity !== 'error').map(({ code }) => code);
    const told = warnings.length > 0 ? { warnings } : {};
    return { ...at, became, ...service, enabled: isEnabled(name), ...told };
  });
}
