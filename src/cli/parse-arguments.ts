import yargs, { type Argv } from 'yargs';
import { didYouMean } from '../config/nearest.ts';
import { quote } from '../config/quote.ts';
import { packageVersion } from '../dispatcher/package-version.ts';
import { InvariantError, UsageError } from '../model/errors.ts';
import type { AnyCommand } from './command.ts';
import { commandName } from './command-name.ts';
import { COMMANDS, loadCommands } from './commands.ts';
import { usageError, withHelp } from './usage-error.ts';

/** What a command line asks for. */
export type Request =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'command';
      readonly command: AnyCommand;
      readonly options: Readonly<Record<string, unknown>>;
    };

const SETTINGS = {
  'populate--': true,
  // `--no-x` and `--x.y` would be options that no row declares.
  'boolean-negation': false,
  // An option has one name in what a row gets.
  'camel-case-expansion': false,
  'dot-notation': false,
  'parse-numbers': false,
  'parse-positional-numbers': false,
} as const;

/** yargs would read a misspelt command as an argument of the program. */
function checkCommandName([name]: readonly string[]): void {
  if (name === undefined || name.startsWith('-') || Object.hasOwn(COMMANDS, name)) return;
  throw withHelp(`Cannot run ${quote(name)}: no such command`, didYouMean(name, Object.keys(COMMANDS)));
}

function knownOptions(parser: Argv): readonly string[] {
  const { key } = (parser as unknown as { getOptions(): { key: Record<string, unknown> } }).getOptions();
  return Object.keys(key);
}

/** yargs makes a list of an option given twice, and takes anything behind `--`; neither passes unseen here. */
function checkOptions(command: AnyCommand, options: Readonly<Record<string, unknown>>): void {
  const repeatable = new Set([...(command.repeatable ?? []), '_', '--']);
  for (const [name, value] of Object.entries(options)) {
    if (!Array.isArray(value) || repeatable.has(name)) continue;
    throw new UsageError(`Cannot use "${name.length === 1 ? '-' : '--'}${name}" more than once`);
  }
  if (command.takesProgram !== true && options['--'] !== undefined) {
    throw new UsageError(`Cannot use "--": "${commandName(command)}" takes no program`);
  }
}

/** The help, the version, or a command with its options. Throws UsageError. */
export async function parseArguments(argv: readonly string[]): Promise<Request> {
  checkCommandName(argv);
  const command = await COMMANDS[argv[0] ?? '']?.();
  let request: Request | undefined;
  const parser = yargs([])
    .scriptName('zinetd')
    .usage('$0 COMMAND [OPTIONS]')
    .locale('en')
    .parserConfiguration(SETTINGS)
    .version(packageVersion())
    .help()
    .strict()
    .exitProcess(false)
    .demandCommand(1, 'Cannot do anything without a command: see "zinetd --help"')
    .fail((message, error) => {
      if (error && error.name !== 'YError') throw error;
      throw usageError(message ?? error?.message, { argv, command, options: knownOptions(parser) });
    });
  for (const row of command === undefined ? await loadCommands() : [command]) {
    parser.command({
      command: row.usage,
      describe: row.describe,
      builder: row.builder,
      handler: (options) => {
        request = { kind: 'command', command: row, options };
      },
    });
  }
  let output = '';
  await parser.parseAsync([...argv], {}, (_error, _parsed, text) => {
    // Asked for completions it calls more than once.
    if (text !== '') output = text;
  });
  if (output !== '') return { kind: 'text', text: `${output}\n` };
  // Asked for completions there may be none.
  if (argv[0]?.startsWith('--get-')) return { kind: 'text', text: '' };
  if (!request) throw new InvariantError('Cannot tell what the command line asks for');
  if (request.kind === 'command') checkOptions(request.command, request.options);
  return request;
}
