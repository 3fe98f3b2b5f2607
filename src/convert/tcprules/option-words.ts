import { quote } from '../../config/quote.ts';
import type { Report } from '../../config/report.ts';
import { itemAt } from '../../model/item-at.ts';
import type { ShellWord } from './shell-word.ts';

/** An option of a command, with its value if it takes one. */
export interface OptionWord {
  readonly letter: string;
  readonly at: ShellWord;
  readonly value: ShellWord | undefined;
}

export interface OptionForm {
  readonly command: string;
  /** Letters that take no value, and those that take one. */
  readonly flags: string;
  readonly values: string;
}

/** A part of a word, with its place where its text is in the file as it is. */
export function partOf(word: ShellWord, start: number, end: number = word.text.length): ShellWord {
  const text = word.text.slice(start, end);
  const { source, start: first, end: last } = word.place;
  if (source.text.slice(first, last) !== word.text) return { ...word, text };
  return { ...word, text, place: { source, start: first + start, end: first + end } };
}

/**
 * Options as getopt(3) reads them, up to the first word that is none. Undefined after a report: what an option that
 * nobody knows does cannot be told.
 */
export function parseOptions(
  words: readonly ShellWord[],
  { form, report }: { readonly form: OptionForm; readonly report: Report },
): { readonly options: readonly OptionWord[]; readonly rest: readonly ShellWord[] } | undefined {
  const options: OptionWord[] = [];
  const fail = (at: ShellWord, reason: string): undefined => {
    const message = `Cannot use option ${quote(at.text)} of ${form.command}: ${reason}`;
    report.add({ code: 'tcprules/option', at: at.place, message });
  };
  let index = 0;
  for (; index < words.length; index++) {
    const word = words[index];
    if (!word || word.unknown !== undefined || !/^-./.test(word.text)) break;
    if (word.text === '--') {
      index++;
      break;
    }
    for (let at = 1; at < word.text.length; at++) {
      const letter = itemAt(word.text, at);
      if (form.flags.includes(letter)) options.push({ letter, at: word, value: undefined });
      else if (!form.values.includes(letter))
        return fail(partOf(word, at, at + 1), 'no such option is known');
      else {
        const value = at + 1 < word.text.length ? partOf(word, at + 1) : words[++index];
        if (!value) return fail(word, 'it needs a value');
        options.push({ letter, at: word, value });
        break;
      }
    }
  }
  return { options, rest: words.slice(index) };
}

/** The last one of a letter, which is the one that counts. */
export function lastOption(options: readonly OptionWord[], letter: string): OptionWord | undefined {
  return options.findLast((option) => option.letter === letter);
}

/** The text of a word that must be known; undefined after a report. */
export function knownText(word: ShellWord, report: Report): string | undefined {
  if (word.unknown === undefined) return word.text;
  const { source, start, end } = word.place;
  const written = source.text.slice(start, end).replace(/^"|"$/g, '');
  const message = `Cannot use ${quote(written)}: ${word.unknown}, so that its value cannot be told`;
  const help = 'write the value itself';
  return void report.add({ code: 'tcprules/unknown-value', at: word.place, message, help });
}

/** A whole number of a word; undefined after a report. */
export function parseNumber(
  word: ShellWord,
  { least, most, report }: { readonly least: number; readonly most: number; readonly report: Report },
): number | undefined {
  const text = knownText(word, report);
  if (text === undefined) return undefined;
  const value = /^-?[0-9]{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  const message = `Cannot use ${quote(text)}: must be ${least} to ${most}`;
  return void report.add({ code: 'tcprules/value', at: word.place, message });
}
