import { itemAt } from '../model/item-at.ts';
/** A value, or what is wrong `at` one of its characters. */
export type EnvValue =
  | { readonly value: string }
  | { readonly at: number; readonly reason: string; readonly help?: string | undefined };

const ESCAPED = /["\\$`]/;
const QUOTE_IT = 'put the value into single quotes';

/** A tab is text; nothing else below 0x20 is, nor DEL. */
const CONTROL = /[\0-\x08\x0a-\x1f\x7f]/;

function parsePlain(text: string): EnvValue {
  const at = text.search(/["'\\]/);
  return at < 0
    ? { value: text }
    : { at, reason: 'a quote or backslash stands in a bare value', help: QUOTE_IT };
}

function parseSingle(text: string): EnvValue {
  const end = text.indexOf("'", 1);
  if (end < 0) return { at: 0, reason: 'the quote does not end in this line' };
  if (end < text.length - 1) return { at: end + 1, reason: 'something follows the quote' };
  return { value: text.slice(1, end) };
}

function parseDouble(text: string): EnvValue {
  let value = '';
  for (let at = 1; at < text.length; at++) {
    const character = itemAt(text, at);
    const next = text[at + 1] ?? '';
    if (character === '"') {
      return at === text.length - 1 ? { value } : { at: at + 1, reason: 'something follows the quote' };
    }
    if (character !== '\\') value += character;
    else if (ESCAPED.test(next)) {
      value += next;
      at++;
    } else return { at, reason: 'a backslash stands before what needs none', help: QUOTE_IT };
  }
  return { at: 0, reason: 'the quote does not end in this line' };
}

/** What stands behind NAME= in a line: bare, in single quotes as it is, or in double quotes with backslashes. */
export function parseEnvValue(written: string): EnvValue {
  const text = written.replace(/^[ \t]+/, '');
  const blanks = written.length - text.length;
  const control = text.search(CONTROL);
  if (control >= 0) return { at: blanks + control, reason: 'a control character stands in it' };
  const parse = text.startsWith("'") ? parseSingle : text.startsWith('"') ? parseDouble : parsePlain;
  const parsed = parse(text);
  return 'value' in parsed ? parsed : { ...parsed, at: blanks + parsed.at };
}
