import { quote } from '../../config/quote.ts';
import type { MapEntry } from '../../config/syntax-node.ts';
import { entryOf, mapNode, scalarNode } from '../tree.ts';
import type { ParseContext } from './parse-context.ts';
import type { Word } from './word.ts';

/** FreeBSD's options for `auth`, as the settings of `ident`. */
const FLAGS: ReadonlyMap<string, string> = new Map([
  ['-g', 'random'],
  ['-F', 'any_fakeid'],
  ['-f', 'fakeid'],
  ['-i', 'numeric'],
  ['-n', 'noident'],
  ['-r', 'real'],
]);
const VALUES: ReadonlyMap<string, string> = new Map([
  ['-d', 'fallback'],
  ['-o', 'os'],
  ['-t', 'timeout'],
]);
const SECONDS = /^([0-9]{1,5})(?:\.([0-9]{1,6}))?$/;

function refuse(word: Word, { report }: ParseContext, reason: string): undefined {
  const message = `Cannot use ${quote(word.text)} for the internal ident: ${reason}`;
  report.add({ code: 'inetd/builtin-option', at: word.place, message });
}

/** `sec[.usec]` as a duration of ours. */
function timeout(word: Word, context: ParseContext): string | undefined {
  const [, seconds, micros = '0'] = SECONDS.exec(word.text) ?? [];
  if (seconds === undefined) return refuse(word, context, 'must be seconds, as in "10" or "2.500000"');
  return `${Number(seconds) * 1000 + Math.ceil(Number(micros) / 1000)}ms`;
}

function valueEntry(key: string, word: Word, context: ParseContext): MapEntry | undefined {
  const value = key === 'timeout' ? timeout(word, context) : word.text;
  return value === undefined ? undefined : entryOf(key, scalarNode(value, word.place));
}

/** No name of a system or a user is longer. */
const MOST_CHARACTERS = 128;

/** Options as getopt(3) takes them apart: `-rf`, `-t30` and `-t 30` alike. */
function splitOption({ text }: Word): { readonly flag: string; readonly rest: string } | undefined {
  return /^-[A-Za-z]/.test(text) && text.length <= MOST_CHARACTERS
    ? { flag: text.slice(0, 2), rest: text.slice(2) }
    : undefined;
}

/** The `ident` attribute; undefined without options, and after a report. */
export function identOptions(args: readonly Word[], context: ParseContext): MapEntry | undefined {
  const entries: MapEntry[] = [];
  const words = [...args];
  for (let word = words.shift(); word; word = words.shift()) {
    const { flag = '', rest = '' } = splitOption(word) ?? {};
    const setting = FLAGS.get(flag);
    const valued = VALUES.get(flag);
    if (setting !== undefined) {
      entries.push(entryOf(setting, scalarNode(true, word.place)));
      if (rest !== '') words.unshift({ ...word, text: `-${rest}`, isLiteral: false });
      continue;
    }
    if (valued === undefined) return refuse(word, context, 'no such option');
    const value = rest === '' ? words.shift() : { ...word, text: rest, isLiteral: false };
    const entry = value ? valueEntry(valued, value, context) : refuse(word, context, 'its value is missing');
    if (!entry) return undefined;
    entries.push(entry);
  }
  const [first] = args;
  return first && entryOf('ident', mapNode(entries, first.place));
}
