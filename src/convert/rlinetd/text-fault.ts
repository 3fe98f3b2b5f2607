import { quote } from '../../config/quote.ts';
import type { Problem } from '../../config/report.ts';
import type { Token } from './token.ts';

const CONTROL = /[\x00-\x1f\x7f]/;
const FOREIGN = /[^\x00-\x7f]/;
/** What a build puts in place of itself. */
const TEMPLATE = /@[A-Za-z][A-Za-z0-9_]*@|__[A-Z][A-Z0-9_]*__/;

/** Why a value cannot be meant as it is; undefined if it can. */
export function textFaultOf({ text, place }: Token, isUtf8: boolean): Problem | undefined {
  const token = TEMPLATE.exec(text)?.[0];
  if (token !== undefined) {
    const message = `Cannot use ${quote(token)}: the file is a template, and nothing was put in its place yet`;
    const help = 'use the file that the build or installation made of it';
    return { code: 'rlinetd/template', at: place, message, help };
  }
  if (CONTROL.test(text)) {
    const isLine = text.includes('\n');
    const reason = isLine ? 'it goes on over the end of the line' : 'it holds a control character';
    const help = isLine ? 'write "\\n" for a line break; perhaps a quote is missing' : undefined;
    return {
      code: 'rlinetd/control-character',
      at: place,
      message: `Cannot use ${quote(text)}: ${reason}`,
      help,
    };
  }
  if (isUtf8 || !FOREIGN.test(text)) return undefined;
  const message = `Cannot use ${quote(text)}: the file is not UTF-8 text`;
  return { code: 'rlinetd/not-utf8', at: place, message, help: 'convert the file with iconv(1)' };
}
