import type { Argv } from 'yargs';
import { UsageError } from '../model/errors.ts';
import type { Command } from './command.ts';
import {
  addDaemonOptions,
  type CommonOptions,
  commonOptions,
  controlPlace,
  stateDirectory,
} from './daemon-options.ts';
import { findProgram } from './find-program.ts';
import { printError } from './print.ts';
import { serveDocument } from './serve-document.ts';
import { startDaemon } from './start-daemon.ts';
import { unreadVariable } from './text-source.ts';

/** Who runs a program that root serves without naming a user. */
const DEFAULT_USER = 'nobody';
const ROOT = 0;

interface ServeArguments extends CommonOptions {
  readonly listen: string;
  readonly name: string | undefined;
  readonly user: string | undefined;
  readonly group: string | undefined;
  readonly instances: number | undefined;
  readonly backlog: number | undefined;
  readonly cwd: string | undefined;
  readonly 'pass-env': readonly string[];
  /** What stands behind `--`. */
  readonly '--'?: readonly string[];
}

function builder(yargs: Argv): Argv<ServeArguments> {
  const common = addDaemonOptions(yargs)
    .positional('listen', { type: 'string', demandOption: true, describe: 'Such as tcp://127.0.0.1:7000' })
    .option('name', { type: 'string', requiresArg: true, describe: 'Of the service, in the log' })
    .option('user', { alias: 'u', type: 'string', requiresArg: true, describe: 'Who runs the program' })
    .option('group', { alias: 'g', type: 'string', requiresArg: true, describe: 'Its group' })
    .option('instances', { alias: 'n', type: 'number', requiresArg: true, describe: 'Handlers at once' })
    .option('backlog', { alias: 'b', type: 'number', requiresArg: true, describe: 'Of the listening socket' })
    .option('cwd', { type: 'string', requiresArg: true, describe: 'Where the program starts' })
    .option('pass-env', { type: 'string', array: true, default: [], describe: 'Variables to pass on' });
  return common.epilogue('The program and its arguments stand behind --.') as unknown as Argv<ServeArguments>;
}

function userOf(options: ServeArguments): string | undefined {
  return options.user ?? (process.getuid?.() === ROOT ? DEFAULT_USER : undefined);
}

function documentOf(options: ServeArguments): string {
  const [program, ...serverArgs] = options['--'] ?? [];
  if (program === undefined) throw new UsageError('Cannot serve without a program: write it behind "--"');
  const server = findProgram(program, process.env['PATH'] ?? '');
  if (server === undefined) throw new UsageError(`Cannot find "${program}" on the PATH`);
  const { group, instances, backlog, cwd } = options;
  return serveDocument({
    name: options.name ?? program.slice(program.lastIndexOf('/') + 1),
    listen: options.listen,
    server,
    argv0: program,
    serverArgs,
    user: userOf(options),
    passEnv: options['pass-env'],
    ...{ group, instances, backlog, cwd },
  });
}

async function run(options: ServeArguments): Promise<number> {
  const unread = unreadVariable(process.env, 'the command line');
  if (unread !== undefined) printError(`zinetd: warning: ${unread}\n`);
  return startDaemon({
    source: { name: 'the command line', text: documentOf(options) },
    ...commonOptions(options),
    state: stateDirectory(options),
    control: controlPlace(options, undefined),
  });
}

export const serveCommand: Command<ServeArguments> = {
  usage: 'serve <listen>',
  takesProgram: true,
  repeatable: ['pass-env'],
  describe: 'Serve one program, as tcpserver does: zinetd serve tcp://127.0.0.1:7000 -- cat',
  builder,
  run,
};
