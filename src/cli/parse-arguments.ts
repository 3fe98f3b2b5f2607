import yargs, { type Argv } from 'yargs';
import { didYouMean } from '../config/nearest.ts';
import { quote } from '../config/quote.ts';
import { packageVersion } from '../dispatcher/package-version.ts';
import { InvariantError, UsageError } from '../model/errors.ts';
import type { AnyCommand } from './command.ts';

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

function withHelp(message: string, help: string | undefined): UsageError {
  return new UsageError(help === undefined ? message : `${message}\n   help: ${help}`);
}

function nameOf(command: AnyCommand): string {
  return command.usage.split(' ')[0] ?? command.usage;
}

/** yargs would read a misspelt command as an argument of the program. */
function checkCommandName(argv: readonly string[], commands: readonly AnyCommand[]): void {
  const [name] = argv;
  if (name === undefined || name.startsWith('-')) return;
  const names = commands.map(nameOf);
  if (names.includes(name)) return;
  throw withHelp(`Cannot run ${quote(name)}: no such command`, didYouMean(name, names));
}

/** Words of yargs for what nobody declared. */
const UNKNOWN = /^Unknown arguments?: ([^,]+)/;

function knownOptions(parser: Argv): readonly string[] {
  const { key } = (parser as unknown as { getOptions(): { key: Record<string, unknown> } }).getOptions();
  return Object.keys(key);
}

function toUsageError(message: string, parser: Argv): UsageError {
  const unknown = UNKNOWN.exec(message)?.[1];
  if (unknown === undefined) return new UsageError(message);
  const best = didYouMean(unknown, knownOptions(parser));
  return withHelp(`Cannot use ${quote(unknown)}: no such option`, best?.replace('"', '"--'));
}

/** yargs makes a list of an option given twice, and takes anything behind `--`; neither passes unseen here. */
function checkOptions(command: AnyCommand, options: Readonly<Record<string, unknown>>): void {
  const repeatable = new Set([...(command.repeatable ?? []), '_', '--']);
  for (const [name, value] of Object.entries(options)) {
    if (!Array.isArray(value) || repeatable.has(name)) continue;
    throw new UsageError(`Cannot use "${name.length === 1 ? '-' : '--'}${name}" more than once`);
  }
  if (command.takesProgram !== true && options['--'] !== undefined) {
    throw new UsageError(`Cannot use "--": "${nameOf(command)}" takes no program`);
  }
}

/** The help, the version, or a row of `commands` with its options. Throws UsageError. */
export async function parseArguments(
  argv: readonly string[],
  commands: readonly AnyCommand[],
): Promise<Request> {
  checkCommandName(argv, commands);
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
      throw toUsageError(message ?? error?.message, parser);
    });
  for (const command of commands) {
    parser.command({
      command: command.usage,
      describe: command.describe,
      builder: command.builder,
      handler: (options) => {
        request = { kind: 'command', command, options };
      },
    });
  }
  let output = '';
  await parser.parseAsync([...argv], {}, (_error, _parsed, text) => {
    output = text;
  });
  if (output !== '') return { kind: 'text', text: `${output}\n` };
  if (!request) throw new InvariantError('Cannot tell what the command line asks for');
  if (request.kind === 'command') checkOptions(request.command, request.options);
  return request;
}
