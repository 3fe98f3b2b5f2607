import type { Source } from '../../config/source.ts';
import type { ShellFault } from './shell-scanner.ts';
import type { ShellWord } from './shell-word.ts';

const TOKEN = /\s+|#[^\n]*|"(?:[^"\\]|\\[\s\S])*"|[^\s"]+/y;

/** The words of an execlineb script, which is one command; blocks and substitutions are more than that. */
export function execlineWords(source: Source): readonly ShellWord[] | ShellFault {
  const words: ShellWord[] = [];
  TOKEN.lastIndex = source.text.indexOf('\n') + 1;
  while (TOKEN.lastIndex < source.text.length) {
    const start = TOKEN.lastIndex;
    const token = TOKEN.exec(source.text)?.[0];
    const place = { source, start, end: start + (token?.length ?? 1) };
    if (token === undefined) return { reason: 'nothing ends the quotes', at: place };
    if (/^[\s#]/.test(token)) continue;
    if (/[\x00-\x08\x0b-\x1f\x7f]/.test(token)) return { reason: 'a control character is in it', at: place };
    const text = token.startsWith('"') ? token.slice(1, -1).replace(/\\([\s\S])/g, '$1') : token;
    if (/[{}$]/.test(token)) return { reason: 'blocks and variables of execline cannot be told', at: place };
    words.push({ text, place });
  }
  return words;
}
