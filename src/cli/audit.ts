import type { Argv } from 'yargs';
import { auditFacts } from '../audit/audit-facts.ts';
import { auditService } from '../audit/audit-service.ts';
import { loadConfig } from '../config/load.ts';
import { didYouMean } from '../config/nearest.ts';
import { quote } from '../config/quote.ts';
import { renderDiagnostics } from '../config/render-diagnostics.ts';
import type { Resolution } from '../config/resolve.ts';
import { UsageError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import { chosenSource } from './chosen-source.ts';
import type { Command } from './command.ts';
import { configSource } from './config-source.ts';
import { addFormatOptions, type FormatOptions } from './format-options.ts';
import { machineHost } from './host.ts';
import { printError, printOut } from './print.ts';
import { printJson } from './print-json.ts';
import { type AuditRow, renderAudit, renderAudits } from './render-audit.ts';

interface AuditOptions extends FormatOptions {
  readonly service: readonly string[] | undefined;
  readonly threshold: string | undefined;
  readonly json: boolean | undefined;
}

function builder(yargs: Argv): Argv<AuditOptions> {
  return addFormatOptions(yargs)
    .positional('service', { type: 'string', array: true, describe: 'Of these only, setting by setting' })
    .option('threshold', {
      type: 'string',
      requiresArg: true,
      describe: 'How much is too much, from 0 to 10: exit code 1 for more',
    })
    .option('json', { type: 'boolean', describe: 'Print JSON' }) as unknown as Argv<AuditOptions>;
}

function parseThreshold(text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY;
  if (/^(10(\.0)?|[0-9](\.[0-9])?)$/.test(text)) return Number(text);
  throw new UsageError(
    `Cannot use ${quote(text)} for "--threshold": must be a number from 0 to 10, such as 4.5`,
  );
}

function rowsOf({ services }: Resolution): readonly AuditRow[] {
  return services.map((resolved) => {
    const facts = auditFacts(resolved, services);
    return { service: resolved.service.name, audit: facts && auditService(facts) };
  });
}

function pick(rows: readonly AuditRow[], names: readonly string[]): readonly AuditRow[] {
  const known = rows.map(({ service }) => service);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined)
    return rows.filter(({ service }) => names.length === 0 || names.includes(service));
  const help = didYouMean(unknown, known);
  const advice = help === undefined ? '' : `\n   help: ${help}`;
  throw new UsageError(`Cannot audit ${quote(unknown)}: no such service${advice}`);
}

function show(rows: readonly AuditRow[], { service: names = [], json }: AuditOptions): void {
  if (json) printJson({ services: rows });
  else printOut(names.length === 0 ? renderAudits(rows) : rows.map(renderAudit).join('\n'));
}

/** Exit code 1 for a configuration with errors, and for a service that is exposed more than it may be. */
async function run(options: AuditOptions): Promise<number> {
  const threshold = parseThreshold(options.threshold);
  const { resolved, diagnostics } = loadConfig(await configSource(chosenSource(options)), machineHost());
  printError(renderDiagnostics(diagnostics));
  if (!resolved) return EXIT.no;
  const rows = pick(rowsOf(resolved), options.service ?? []);
  show(rows, options);
  return rows.some(({ audit }) => audit && audit.exposure > threshold) ? EXIT.no : EXIT.ok;
}

export const auditCommand: Command<AuditOptions> = {
  usage: 'audit [service..]',
  repeatable: ['config', 'c', 'service'],
  describe: 'Show what is open to handlers, and what to write for less',
  builder,
  run,
};
