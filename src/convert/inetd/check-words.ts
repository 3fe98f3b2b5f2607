import { quote } from '../../config/quote.ts';
import { textFault } from '../../config/scalar-rules.ts';
import type { ParseContext } from './parse-context.ts';
import { partOf, type Word } from './word.ts';

const CONTROL = /[\x00-\x1f\x7f]/;
/** What a build puts in place of itself. */
const TEMPLATE = /@[A-Za-z][A-Za-z0-9_]*@|__[A-Z][A-Z0-9_]*__/;

function reportTemplate(word: Word, token: RegExpExecArray, { report }: ParseContext): void {
  const part = partOf(word, token.index, token.index + token[0].length);
  const message = `Cannot use ${quote(token[0])}: the file is a template, and nothing was put in its place yet`;
  report.add({
    code: 'inetd/template',
    at: part.place,
    message,
    help: 'use the file that the build or installation made of it',
  });
}

function reportControl(word: Word, { report }: ParseContext): void {
  const message = `Cannot use ${quote(word.text)}: it holds a control character`;
  report.add({ code: 'inetd/control-character', at: word.place, message });
}

/** Whether the words can be meant as they are; false after a report of the first that cannot. */
export function checkWords(
  words: readonly Word[],
  context: ParseContext & { readonly isUtf8: boolean },
): boolean {
  for (const word of words) {
    const token = TEMPLATE.exec(word.text);
    // NetBSD's escapes can ask for a line break, but no program can be given a NUL.
    const isControl = word.isLiteral ? CONTROL.test(word.text) : textFault(word.text) !== undefined;
    const isForeign = !context.isUtf8 && /[^\x00-\x7f]/.test(word.text);
    if (token) reportTemplate(word, token, context);
    else if (isControl) reportControl(word, context);
    else if (isForeign) {
      const message = `Cannot use ${quote(word.text)}: the file is not UTF-8 text`;
      context.report.add({
        code: 'inetd/not-utf8',
        at: word.place,
        message,
        help: 'convert the file with iconv(1)',
      });
    } else continue;
    return false;
  }
  return true;
}
