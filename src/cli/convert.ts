import type { Argv } from 'yargs';
import { loadConfig } from '../config/load.ts';
import { printDocument } from '../config/print-document.ts';
import { renderDiagnostics } from '../config/render-diagnostics.ts';
import { addServices } from '../convert/add-services.ts';
import { DIALECT_NAMES, type DialectName } from '../convert/inetd/dialect.ts';
import { keepServices } from '../convert/keep-services.ts';
import { EXIT } from '../model/exit-code.ts';
import type { Command } from './command.ts';
import { configSource, FOREIGN_FORMATS, type ForeignName, sourceNames } from './format-options.ts';
import { machineHost } from './host.ts';
import { printError, printOut } from './print.ts';
import { renderAccounts } from './render-accounts.ts';

interface ConvertOptions {
  readonly files: readonly string[];
  readonly from: ForeignName;
  readonly dialect: DialectName | undefined;
  readonly all: boolean | undefined;
}

function builder(yargs: Argv): Argv<ConvertOptions> {
  return yargs
    .positional('files', { type: 'string', array: true, demandOption: true, describe: 'What to convert' })
    .option('from', {
      choices: FOREIGN_FORMATS,
      requiresArg: true,
      demandOption: true,
      describe: 'What they are written in',
    })
    .option('dialect', {
      choices: DIALECT_NAMES,
      requiresArg: true,
      describe: 'Whose inetd.conf it is, if it cannot be told',
    })
    .option('all', {
      type: 'boolean',
      describe: 'Also services that this machine could not run, or that are disabled',
    }) as unknown as Argv<ConvertOptions>;
}

/** The names that the document has, and of them those that can run here. */
function namesIn(result: ReturnType<typeof loadConfig>): {
  all: ReadonlySet<string>;
  here: ReadonlySet<string>;
} {
  const services = result.foreign?.root?.entries.get('services')?.value;
  const all = services?.kind === 'map' ? services.entries.keys() : [];
  return { all: new Set(all), here: new Set(result.resolved?.services.map(({ settings }) => settings.name)) };
}

/** The native document on standard output, what became of each line on standard error. */
async function run({ files, from, dialect, all }: ConvertOptions): Promise<number> {
  const result = loadConfig(
    configSource(sourceNames({ config: files, format: from, dialect })),
    machineHost(),
  );
  const names = namesIn(result);
  const kept = all ? names.all : names.here;
  printError(renderDiagnostics(result.diagnostics));
  printError(renderAccounts(result.foreign?.accounts ?? [], (name) => kept.has(name)));
  const disabled = (all && result.foreign?.disabled) || [];
  if (result.foreign?.root && kept.size + disabled.length > 0) {
    printOut(printDocument(addServices(keepServices(result.foreign.root, kept), disabled)));
  }
  return result.diagnostics.some(({ severity }) => severity === 'error') ? EXIT.no : EXIT.ok;
}

export const convertCommand: Command<ConvertOptions> = {
  usage: 'convert <files..>',
  describe: 'Print files of another super-server as a configuration of zinetd',
  repeatable: ['files'],
  builder,
  run,
};
