import type { Argv } from 'yargs';

import { loadConfig } from '../config/load.ts';
import { printResolution } from '../config/print.ts';
import { diagnosticsJson, renderDiagnostics } from '../config/render-diagnostics.ts';
import type { Config } from '../model/config.ts';
import { countOf } from '../model/count-of.ts';
import { UsageError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import { chosenSource } from './chosen-source.ts';
import type { Command } from './command.ts';
import { configSource } from './config-source.ts';
import { addFormatOptions, type FormatOptions, type SourceNames } from './format-options.ts';
import { machineHost } from './host.ts';
import { printError, printOut } from './print.ts';

interface CheckOptions extends FormatOptions {
  readonly print: boolean | undefined;
  readonly json: boolean | undefined;
}

function builder(yargs: Argv): Argv<CheckOptions> {
  return addFormatOptions(yargs)
    .option('print', { type: 'boolean', describe: 'Print it resolved, with every default' })
    .option('json', {
      type: 'boolean',
      describe: 'Print the problems as JSON',
    }) as unknown as Argv<CheckOptions>;
}

function describeSource(names: SourceNames): string {
  if ('text' in names) return names.name;
  return 'path' in names ? names.path : names.paths.join(' ');
}

function summary(names: SourceNames, result: { readonly config: Config; readonly ok: boolean }): string {
  const path = describeSource(names);
  const services = countOf(result.config.services.length, 'service');
  return `${path}: ${result.ok ? `OK, ${services}` : `${services} without the errors above`}\n`;
}

/** Exit code 1 for any error, also where the services that have none could run. */
async function run({ print, json, ...options }: CheckOptions): Promise<number> {
  if (print && json) throw new UsageError('Cannot use "--print" together with "--json"');
  const names = chosenSource(options);
  const { config, resolved, diagnostics } = loadConfig(await configSource(names), machineHost());
  const ok = config !== undefined && diagnostics.every(({ severity }) => severity !== 'error');
  if (json) {
    printOut(`${JSON.stringify({ ok, diagnostics: diagnosticsJson(diagnostics) }, undefined, 2)}\n`);
  } else {
    printError(renderDiagnostics(diagnostics));
    if (resolved && print) printOut(printResolution(resolved));
    else if (config) printOut(summary(names, { config, ok }));
  }
  return ok ? EXIT.ok : EXIT.no;
}

export const checkCommand: Command<CheckOptions> = {
  usage: 'check',
  repeatable: ['config', 'c'],
  describe: 'Show every problem of a configuration',
  builder,
  run,
};
