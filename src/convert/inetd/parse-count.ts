import { quote } from '../../config/quote.ts';
import type { ParseContext } from './parse-context.ts';
import type { Count } from './service-entry.ts';
import type { Word } from './word.ts';

/** Readers of C take a number with zeros before it for an octal one, or not, and what is too large for anything. */
const PLAIN = /^(0|[1-9][0-9]{0,8})$/;

/** A limit; undefined after a report. */
export function parseCount(word: Word, { report }: ParseContext): Count | undefined {
  if (PLAIN.test(word.text)) return { value: Number(word.text), place: word.place };
  report.add({
    code: 'inetd/limit',
    at: word.place,
    message: `Cannot use ${quote(word.text)} as a limit: must be a plain number of at most nine digits`,
  });
  return undefined;
}
