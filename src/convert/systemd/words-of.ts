import { quote } from '../../config/quote.ts';
import type { Report } from '../../config/report.ts';
import { expandSpecifiers } from './specifiers.ts';
import { splitWords } from './split-words.ts';
import type { Word } from './text.ts';
import { placeOfValue, type Setting, type Unit } from './unit.ts';

interface Context {
  readonly unit: Unit;
  /** The unit has an instance for each connection. */
  readonly isPerClient: boolean;
  readonly report: Report;
}

/** A word with its specifiers put in; undefined after a report. */
export function expandWord(word: Word, { unit, isPerClient, report }: Context): Word | undefined {
  const expanded = expandSpecifiers(word.text, { name: unit.name, isPerClient });
  if ('text' in expanded) return { ...word, text: expanded.text };
  const message = `Cannot use ${quote(word.text)}: nobody knows "${expanded.unknown}" before the service is started`;
  const help = 'write what it stands for';
  return void report.add({ code: 'systemd/specifier', at: word.place, message, help });
}

/** The whole value as one word. */
export function valueWord(setting: Setting): Word {
  return { text: setting.value, place: placeOfValue(setting) };
}

/** A value as one word with its specifiers put in. */
export function expandValue(setting: Setting, context: Context): Word | undefined {
  return expandWord(valueWord(setting), context);
}

/** The words of a value, in quotes or not; undefined after a report. */
export function quotedWords(
  setting: Setting,
  { report }: { readonly report: Report },
): readonly Word[] | undefined {
  const words = splitWords(setting.value);
  if (!('reason' in words)) {
    return words.map(({ text, start, end }) => ({ text, place: placeOfValue(setting, start, end) }));
  }
  const message = `Cannot read "${setting.name}=": ${words.reason}`;
  return void report.add({
    code: 'systemd/value',
    at: placeOfValue(setting, words.start, words.end),
    message,
  });
}

/** Words that blanks part, and nothing else. */
export function plainWords(setting: Setting): readonly Word[] {
  return Array.from(setting.value.matchAll(/\S+/g), ({ 0: text, index }) => ({
    text,
    place: placeOfValue(setting, index, index + text.length),
  }));
}
