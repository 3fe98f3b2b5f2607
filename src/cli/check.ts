import type { Argv } from 'yargs';

import { loadConfig } from '../config/load.ts';
import { printResolution } from '../config/print.ts';
import { diagnosticsJson, renderDiagnostics } from '../config/render-diagnostics.ts';
import type { Config } from '../model/config.ts';
import { UsageError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { Command } from './command.ts';
import { defaultConfigPath } from './default-path.ts';
import { machineHost } from './host.ts';
import { printError, printOut } from './print.ts';

interface CheckOptions {
  readonly config: string;
  readonly print: boolean | undefined;
  readonly json: boolean | undefined;
}

function builder(yargs: Argv): Argv<CheckOptions> {
  return yargs
    .option('config', {
      alias: 'c',
      type: 'string',
      requiresArg: true,
      default: defaultConfigPath(process.getuid?.() ?? 0, process.env),
      describe: 'The configuration file',
    })
    .option('print', { type: 'boolean', describe: 'Print it resolved, with every default' })
    .option('json', { type: 'boolean', describe: 'Print the problems as JSON' });
}

function summary(path: string, config: Config): string {
  const count = config.services.length;
  return `${path}: OK, ${count} ${count === 1 ? 'service' : 'services'}\n`;
}

async function run({ config: path, print, json }: CheckOptions): Promise<number> {
  if (print && json) throw new UsageError('Cannot use "--print" together with "--json"');
  const { config, resolved, diagnostics } = loadConfig({ path }, machineHost());
  const ok = config !== undefined;
  if (json) {
    printOut(`${JSON.stringify({ ok, diagnostics: diagnosticsJson(diagnostics) }, undefined, 2)}\n`);
  } else {
    printError(renderDiagnostics(diagnostics));
    if (resolved) printOut(print ? printResolution(resolved) : summary(path, resolved.config));
  }
  return ok ? EXIT.ok : EXIT.no;
}

export const checkCommand: Command<CheckOptions> = {
  usage: 'check',
  describe: 'Show every problem of a configuration',
  builder,
  run,
};
