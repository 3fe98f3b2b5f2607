import type { HostsOption } from '../../model/hosts-rules.ts';
import { didYouMean } from '../nearest.ts';
import { quote } from '../quote.ts';
import type { Say } from './hosts-problem.ts';
import { OPTIONS } from './option-rows.ts';
import type { Token } from './tokens.ts';

export interface ParsedOptions {
  readonly options: readonly HostsOption[];
  /** `allow` or `deny` at the end. */
  readonly grants: boolean | undefined;
}

/** The fields between colons; `\:` is a colon that ends none. */
function fieldsOf(options: Token): readonly Token[] {
  const fields: Token[] = [];
  let start = 0;
  for (const match of `${options.text}:`.matchAll(/(?<!\\):/g)) {
    const text = options.text.slice(start, match.index);
    const blanks = text.length - text.trimStart().length;
    fields.push({ text: text.trim().replaceAll('\\:', ':'), offset: options.offset + start + blanks });
    start = match.index + 1;
  }
  return fields;
}

/** `keyword value`, with at most one `=` between them; an empty value is none. */
function splitField(text: string): { readonly keyword: string; readonly value: string | undefined } {
  const [, keyword = '', rest = ''] = /^([^= \t\r]*)(?:[ \t\r]*=[ \t\r]*|[ \t\r]+)?(.*)$/s.exec(text) ?? [];
  return { keyword: keyword.toLowerCase(), value: rest === '' ? undefined : rest };
}

function unknownOption(token: Token, keyword: string): Parameters<Say>[0] {
  if (/^[(/]|[|;&<>]/.test(token.text)) {
    const message = `Cannot use ${quote(token.text)}: rules do not run commands`;
    return { code: 'hosts/shell-command', offset: token.offset, message, help: 'see the attribute "decide"' };
  }
  const message = `Cannot use option ${quote(keyword)}: no such option`;
  const help = didYouMean(keyword, Object.keys(OPTIONS));
  return { code: 'hosts/unknown-option', offset: token.offset, message, help };
}

/** What one field says: an option, a verdict, or undefined when something is wrong, which was said. */
function parseField(token: Token, options: { say: Say; isLast: boolean }): HostsOption | boolean | undefined {
  const { say, isLast } = options;
  const { keyword, value } = splitField(token.text);
  const row = Object.hasOwn(OPTIONS, keyword) ? OPTIONS[keyword] : undefined;
  if (token.text === '') {
    const message = 'Cannot read the options of the rule: one of them is empty';
    say({ code: 'hosts/empty-option', offset: token.offset, message, help: 'leave the colon out' });
  } else if (row === undefined) {
    say(unknownOption(token, keyword));
  } else if (row.isLast === true && !isLast) {
    const message = `Cannot use option ${quote(keyword)} here: nothing may follow it`;
    say({ code: 'hosts/option-order', offset: token.offset, message });
  } else {
    const read = row.read(value);
    if ('option' in read) return read.option;
    const message = `Cannot use option ${quote(keyword)}: ${read.reason}`;
    say({ code: read.code ?? 'hosts/bad-option', offset: token.offset, message, help: read.help });
  }
  return undefined;
}

/** Reads what follows the list of clients; undefined when something is wrong, which was said. */
export function parseOptions(options: Token, say: Say): ParsedOptions | undefined {
  const fields = fieldsOf(options);
  const read = fields.map((field, index) => parseField(field, { say, isLast: index === fields.length - 1 }));
  if (read.includes(undefined)) return undefined;
  return {
    options: read.filter((it) => typeof it === 'object'),
    grants: read.find((it) => typeof it === 'boolean'),
  };
}
