import { didYouMean } from '../config/nearest.ts';
import { quote } from '../config/quote.ts';
import { UsageError } from '../model/errors.ts';
import type { AnyCommand } from './command.ts';
import { commandName } from './command-name.ts';

/** What was being read when yargs gave up. */
export interface UsageContext {
  readonly argv: readonly string[];
  readonly command: AnyCommand | undefined;
  /** The names of all options, without dashes. */
  readonly options: readonly string[];
}

/** A message with advice below it. */
export function withHelp(message: string, help: string | undefined): UsageError {
  return new UsageError(help === undefined ? message : `${message}\n   help: ${help}`);
}

function dashed(name: string): string {
  return `"${name.length === 1 ? '-' : '--'}${name}"`;
}

function joined(names: readonly string[], word: 'and' | 'or'): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${word} ${names.at(-1)}`;
}

/** Of `explain <service>`, how it is written where something is missing. */
function cannotRun({ command }: UsageContext, missing: string): UsageError {
  const name = command === undefined ? 'this' : quote(commandName(command));
  return withHelp(
    `Cannot run ${name} without ${missing}`,
    command === undefined ? undefined : `write "zinetd ${command.usage}"`,
  );
}

function positionalsOf(command: AnyCommand | undefined): readonly string[] {
  return Array.from(command?.usage.matchAll(/[<[]([^>\].]+)/g) ?? [], ([, name = '']) => name);
}

function missingPositional(context: UsageContext, [, got = '0']: readonly string[]): UsageError {
  return cannotRun(context, `<${positionalsOf(context.command)[Number(got)] ?? 'argument'}>`);
}

function missingOptions(context: UsageContext, [, names = '']: readonly string[]): UsageError {
  const positionals = positionalsOf(context.command);
  const shown = names.split(', ').map((name) => (positionals.includes(name) ? `<${name}>` : dashed(name)));
  return cannotRun(context, joined(shown, 'and'));
}

function missingValue(_: UsageContext, [, name = '']: readonly string[]): UsageError {
  return new UsageError(`Cannot use ${dashed(name)} without a value`);
}

/** yargs writes what was given as JSON. */
function wrongChoice(
  context: UsageContext,
  [, name = '', given = '', all = '']: readonly string[],
): UsageError {
  if (given === 'true') return missingValue(context, ['', name]);
  const value = String(JSON.parse(given));
  const choices = Array.from(all.matchAll(/"([^"]*)"/g), ([, choice = '']) => choice);
  const option = positionalsOf(context.command).includes(name) ? `<${name}>` : `--${name}`;
  const message = `Cannot use ${quote(value)} for ${option}: choose ${joined(choices, 'or')}`;
  return withHelp(message, didYouMean(value, choices));
}

function unknownArgument(
  { argv, command, options }: UsageContext,
  [, name = '']: readonly string[],
): UsageError {
  if (command !== undefined && argv.includes(name)) {
    const usage = positionalsOf(command).length === 0 ? 'no argument' : 'no further argument';
    return new UsageError(`Cannot use ${quote(name)}: "${commandName(command)}" takes ${usage}`);
  }
  const best = didYouMean(name, options);
  return withHelp(`Cannot use ${quote(name)}: no such option`, best?.replace('"', '"--'));
}

/** What yargs says, and how we say it. */
const PHRASES: readonly (readonly [
  RegExp,
  (context: UsageContext, match: readonly string[]) => UsageError,
])[] = [
  [/^Unknown arguments?: ([^,]+)/, unknownArgument],
  [/^Not enough non-option arguments: got (\d+)/, missingPositional],
  [/^Missing required arguments?: (.+)$/, missingOptions],
  [/^Not enough arguments following: (.+)$/, missingValue],
  [/^Invalid values:\n {2}Argument: ([^,]+), Given: ([\s\S]*), Choices: (.*)$/, wrongChoice],
];

/** A message of yargs in the house grammar, with the advice that there is. */
export function usageError(message: string, context: UsageContext): UsageError {
  for (const [phrase, tell] of PHRASES) {
    const match = phrase.exec(message);
    if (match) return tell(context, match);
  }
  return new UsageError(message);
}
