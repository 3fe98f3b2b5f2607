import { ENV_NAME } from '../../config/env-name.ts';
import { quote } from '../../config/quote.ts';
import type { PairContext } from './pair.ts';
import type { Word } from './text.ts';
import { listOf, type Setting } from './unit.ts';
import { expandWord, quotedWords, valueWord } from './words-of.ts';

/** A variable of the service, and what sets it. */
export interface Variable {
  readonly value: string;
  readonly place: Word['place'];
  readonly from: 'unit' | 'file';
}

/** A file of variables. */
interface EnvironmentFile {
  readonly path: Word;
  readonly variables: ReadonlyMap<string, string>;
  /** False: it must be there and is not, or cannot be read. */
  readonly isKnown: boolean;
}

/** What a service has in its environment, as far as its unit tells. */
export interface Environment {
  /** Of `Environment=`. */
  readonly own: ReadonlyMap<string, Variable>;
  /** Those that are there, or that have to be. */
  readonly files: readonly EnvironmentFile[];
  /** Names that are taken over from the service manager. */
  readonly passed: readonly Word[];
  /** A file cannot be read, so that nobody knows what is in it. */
  readonly isPartial: boolean;
}

function assign(word: Word, variables: Map<string, Variable>, { report }: PairContext): void {
  const equals = word.text.indexOf('=');
  const name = word.text.slice(0, Math.max(0, equals));
  if (ENV_NAME.test(name)) {
    variables.delete(name);
    variables.set(name, { value: word.text.slice(equals + 1), place: word.place, from: 'unit' });
    return;
  }
  const message = `Ignored ${quote(word.text)} in "Environment=", as systemd does: must be NAME=VALUE`;
  report.add({ code: 'systemd/ignored', at: word.place, message });
}

function ownVariables(context: PairContext): ReadonlyMap<string, Variable> {
  const { service, accepts, report } = context;
  const variables = new Map<string, Variable>();
  for (const setting of listOf(service, 'Service', 'Environment')) {
    for (const word of quotedWords(setting, context) ?? []) {
      const expanded = expandWord(word, { unit: service, isPerClient: accepts, report });
      if (expanded) assign(expanded, variables, context);
    }
  }
  return variables;
}

function readFile(setting: Setting, context: PairContext): EnvironmentFile | 'missing' | 'unreadable' {
  const { service, accepts, report, readVariables } = context;
  const written = valueWord(setting);
  const isOptional = written.text.startsWith('-');
  const word = expandWord(
    { ...written, text: isOptional ? written.text.slice(1) : written.text },
    {
      unit: service,
      isPerClient: accepts,
      report,
    },
  );
  if (!word) return 'unreadable';
  const variables = readVariables(word);
  if (typeof variables === 'object') return { path: word, variables, isKnown: true };
  if (variables === 'unreadable' || !isOptional) return { path: word, variables: new Map(), isKnown: false };
  const message = `Left out ${quote(word.text)}: there is no such file, and systemd goes on without it`;
  const help = 'convert again, or reload, when it is there';
  report.add({ code: 'systemd/environment-file', at: word.place, message, help });
  return 'missing';
}

/** Reads what the unit says of its environment, and the files that it names. */
export function readEnvironment(context: PairContext): Environment {
  const { service } = context;
  let isPartial = false;
  const files = listOf(service, 'Service', 'EnvironmentFile').flatMap((setting) => {
    const file = readFile(setting, context);
    if (file === 'unreadable' || (typeof file === 'object' && !file.isKnown)) isPartial = true;
    return typeof file === 'object' ? [file] : [];
  });
  const passed = listOf(service, 'Service', 'PassEnvironment').flatMap(
    (setting) => quotedWords(setting, context) ?? [],
  );
  return { own: ownVariables(context), files, passed, isPartial };
}

/** What is known of a variable; what a file says goes before `Environment=`. */
export function findVariable(name: string, environment: Environment): Variable | 'unknown' | undefined {
  const file = environment.files.findLast(({ variables }) => variables.has(name));
  const value = file?.variables.get(name);
  if (file && value !== undefined) return { value, place: file.path.place, from: 'file' };
  const own = environment.own.get(name);
  if (environment.isPartial) return 'unknown';
  if (own) return own;
  return environment.passed.some(({ text }) => text === name) ? 'unknown' : undefined;
}
