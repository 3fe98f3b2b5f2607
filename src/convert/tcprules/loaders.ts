import { ENV_NAME } from '../../config/env-name.ts';
import { quote } from '../../config/quote.ts';
import type { ChainContext, Loader } from './chain-context.ts';
import { parseIdentity } from './identity-words.ts';
import { knownText, lastOption, type OptionForm, parseNumber, parseOptions, partOf } from './option-words.ts';
import { LIMIT_LETTERS, setLimits } from './set-limits.ts';
import type { ShellWord } from './shell-word.ts';

const LEAST_NICE = -20;
const MOST_NICE = 19;

/** A variable for all that follows. */
export function setVariable(name: string, value: ShellWord, { set, report }: ChainContext): void {
  if (!ENV_NAME.test(name)) {
    const message = `Ignored the variable ${quote(name)}: no name is like that`;
    report.add({ code: 'tcprules/ignored', at: value.place, message });
  } else if (knownText(value, report) !== undefined) set.env.set(name, value);
}

/** The first word, which must be there and known, and the rest. */
function takeWord(words: readonly ShellWord[], { self, report }: Parameters<Loader>[1]) {
  const [word, ...rest] = words;
  if (word && knownText(word, report) !== undefined) return { word, rest };
  if (word) return undefined;
  const message = `Cannot use ${quote(self.text)}: a word must follow`;
  return void report.add({ code: 'tcprules/option', at: self.place, message });
}

function withOptions(
  flags: string,
  values: string,
  apply: (
    parsed: NonNullable<ReturnType<typeof parseOptions>>,
    context: Parameters<Loader>[1],
  ) => readonly ShellWord[] | undefined,
): Loader {
  return (words, context) => {
    const form: OptionForm = { command: context.self.text, flags, values };
    const parsed = parseOptions(words, { form, report: context.report });
    return parsed && apply(parsed, context);
  };
}

/** Starts the rest and changes nothing that matters to a handler of ours. */
const plain: Loader = (words) => words;

const env: Loader = withOptions('i', 'u', ({ options, rest }, context) => {
  const { set } = context;
  const isDash = rest[0]?.text === '-';
  if (isDash || lastOption(options, 'i')) {
    set.isClean = true;
    set.env.clear();
  }
  for (const { value } of options) if (value) set.env.delete(value.text);
  const words = isDash ? rest.slice(1) : rest;
  const count = words.findIndex(({ text }) => !/^[^=]+=/.test(text));
  const assigned = count === -1 ? words : words.slice(0, count);
  for (const word of assigned) {
    const equals = word.text.indexOf('=');
    setVariable(word.text.slice(0, equals), partOf(word, equals + 1), context);
  }
  return words.slice(assigned.length);
});

const envdir: Loader = withOptions('fiILn', '', ({ rest }, context) => {
  const taken = takeWord(rest, context);
  if (!taken) return undefined;
  const path = context.files.resolve(taken.word.text, context.set.cwd?.text);
  const variables = context.files.readVariables(path, taken.word.place);
  if (!variables) return undefined;
  for (const [name, text] of variables) setVariable(name, { ...taken.word, text }, context);
  return taken.rest;
});

/** `setuidgid USER`: whoever comes later stays that user. */
const setuidgid: Loader = (words, context) => {
  const [word, ...rest] = words;
  context.set.identity = word && parseIdentity(word, context.report);
  return context.set.identity ? rest : void (word ?? takeWord(words, context));
};

const envuidgid: Loader = (words, context) => {
  const [word, ...rest] = words;
  context.set.named = word && parseIdentity(word, context.report);
  return context.set.named ? rest : void (word ?? takeWord(words, context));
};

const softlimit: Loader = withOptions('hH', LIMIT_LETTERS, ({ options, rest }, context) => {
  setLimits(options, context);
  return rest;
});

function changeNice(word: ShellWord, { set, report }: ChainContext): void {
  const value = parseNumber(word, { least: LEAST_NICE, most: MOST_NICE, report });
  if (value !== undefined) set.nice = { value, at: word };
}

const nice: Loader = (words, context) => {
  const [first, second] = words;
  if (first && /^-[0-9]+$/.test(first.text)) changeNice(partOf(first, 1), context);
  else if (first && second && first.text === '-n') changeNice(second, context);
  else if (first && /^-n-?[0-9]+$/.test(first.text)) changeNice(partOf(first, 2), context);
  else {
    if (first) context.set.nice = { value: 10, at: { ...first, place: context.self.place } };
    return words;
  }
  return words.slice(first?.text === '-n' ? 2 : 1);
};

function pathOption(
  value: ShellWord | undefined,
  { files, set, report }: ChainContext,
): ShellWord | undefined {
  if (!value || knownText(value, report) === undefined) return undefined;
  return { ...value, text: files.resolve(value.text, set.cwd?.text) };
}

const chpst: Loader = withOptions('vVP012', 'uUbeCn/lLmdopfcrt', ({ options, rest }, context) => {
  const { set, report } = context;
  setLimits(
    options.filter(({ letter }) => letter !== 'l'),
    context,
  );
  const [user, named] = [lastOption(options, 'u')?.value, lastOption(options, 'U')?.value];
  if (user) set.identity = parseIdentity(user, report);
  if (named) set.named = parseIdentity(named, report);
  const niceness = lastOption(options, 'n')?.value;
  if (niceness) changeNice(niceness, context);
  const directory = lastOption(options, 'e')?.value;
  if (directory && envdir([directory], context) === undefined) return undefined;
  set.cwd = pathOption(lastOption(options, 'C')?.value, context) ?? set.cwd;
  set.chroot = pathOption(lastOption(options, '/')?.value, context) ?? set.chroot;
  return rest;
});

const cd: Loader = (words, context) => {
  const taken = takeWord(words, context);
  if (!taken) return undefined;
  context.set.cwd = pathOption(taken.word, context);
  return taken.rest;
};

const umask: Loader = (words, context) => {
  const taken = takeWord(words, context);
  if (!taken) return undefined;
  const [, octal] = /^0*([0-7]{1,3})$/.exec(taken.word.text) ?? [];
  if (octal !== undefined) context.set.umask = { ...taken.word, text: octal.padStart(3, '0') };
  else {
    const message = `Cannot use ${quote(taken.word.text)} for "umask": must be octal, up to 777`;
    context.report.add({ code: 'tcprules/value', at: taken.word.place, message });
  }
  return taken.rest;
};

const setlock: Loader = withOptions('nNxX', '', ({ rest }, context) => {
  const message = `Ignored ${quote(context.self.text)}: zinetd does not start while a socket of its is in use`;
  context.report.add({ code: 'tcprules/ignored', at: context.self.place, message });
  return takeWord(rest, context)?.rest;
});

/** Of execline: `export NAME VALUE`. */
const exportLine: Loader = ([name, value, ...rest], context) => {
  if (!name || !value) return takeWord([], context)?.rest;
  setVariable(name.text, value, context);
  return rest;
};

const emptyenv: Loader = withOptions('pPoc', '', ({ rest }, { set }) => {
  set.isClean = true;
  set.env.clear();
  return rest;
});

/** `fdmove -c 2 1`: the log is where standard error goes anyway. */
const fdmove: Loader = withOptions('c', '', ({ rest }) => rest.slice(2));

/** Programs that change something and then start another. */
export const LOADERS: ReadonlyMap<string, Loader> = new Map([
  ...['exec', 'command', 'nohup', 'setsid', 'pgrphack', 'fghack', 'busybox', 's6-setsid'].map(
    (name) => [name, plain] as const,
  ),
  ['env', env],
  ...['envdir', 's6-envdir'].map((name) => [name, envdir] as const),
  ...['setuidgid', 's6-setuidgid'].map((name) => [name, setuidgid] as const),
  ...['envuidgid', 's6-envuidgid'].map((name) => [name, envuidgid] as const),
  ...['softlimit', 's6-softlimit'].map((name) => [name, softlimit] as const),
  ...['chpst', 'runit-chpst'].map((name) => [name, chpst] as const),
  ...['setlock', 's6-setlock'].map((name) => [name, setlock] as const),
  ['nice', nice],
]);

/** What is a command of its own to a shell starts the rest in an execline script. */
export const EXECLINE_LOADERS: ReadonlyMap<string, Loader> = new Map([
  ...LOADERS,
  ['cd', cd],
  ['umask', umask],
  ['export', exportLine],
  ['emptyenv', emptyenv],
  ['fdmove', fdmove],
]);

export { cd, umask };
