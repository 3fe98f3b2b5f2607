import type { Argv } from 'yargs';
import { DIALECT_NAMES, type DialectName } from '../../convert/inetd/dialect.ts';
import { FOREIGN_FORMATS, type ForeignName } from '../format-options.ts';

export interface ConvertOptions {
  readonly files: readonly string[];
  readonly from: 'auto' | ForeignName;
  readonly dialect: DialectName | undefined;
  readonly all: boolean | undefined;
  readonly to: 'native' | 'systemd';
  readonly mode: 'inetd' | 'extended';
  readonly output: string | undefined;
  readonly report: string | undefined;
  readonly strict: boolean | undefined;
  readonly verify: boolean | undefined;
  readonly diff: boolean | undefined;
}

function addSources(yargs: Argv): Argv {
  return yargs
    .positional('files', { type: 'string', array: true, demandOption: true, describe: 'What to convert' })
    .option('from', {
      choices: ['auto', ...FOREIGN_FORMATS] as const,
      default: 'auto' as const,
      requiresArg: true,
      describe: 'What they are written in',
    })
    .option('dialect', {
      choices: DIALECT_NAMES,
      requiresArg: true,
      describe: 'Whose inetd.conf it is, if it cannot be told',
    })
    .option('all', {
      type: 'boolean',
      describe: 'Also services that this machine could not run',
    });
}

function addResults(yargs: Argv): Argv {
  return yargs
    .option('to', {
      choices: ['native', 'systemd'] as const,
      default: 'native' as const,
      requiresArg: true,
      describe: 'A configuration of zinetd, or units of systemd',
    })
    .option('mode', {
      choices: ['inetd', 'extended'] as const,
      default: 'inetd' as const,
      requiresArg: true,
      describe: 'Services as they are, or hardened, with what that means',
    })
    .option('output', {
      alias: 'o',
      type: 'string',
      requiresArg: true,
      describe: 'A directory for a main file and one for each service, or for units',
    })
    .option('report', {
      type: 'string',
      requiresArg: true,
      describe: 'A file for what became of each line, as JSON',
    })
    .option('strict', { type: 'boolean', describe: 'End with 1 for warnings, too' })
    .option('verify', {
      type: 'boolean',
      describe: 'Show what the document means differently, and print no more',
    })
    .option('diff', {
      type: 'boolean',
      describe: 'Compare two configurations of any format by their meaning',
    });
}

export function builder(yargs: Argv): Argv<ConvertOptions> {
  return addResults(addSources(yargs)) as unknown as Argv<ConvertOptions>;
}
