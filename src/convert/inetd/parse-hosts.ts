import { quote } from '../../config/quote.ts';
import type { ParseContext } from './parse-context.ts';
import { partOf, type Word } from './word.ts';

/** Addresses and names, as a listener is written: 255 letters is the longest name, a zone may follow an address. */
const HOST = /^(\*|[A-Za-z0-9_.:%-]{1,255})$/;

/** `[::1]` without its brackets. */
function unbracket(word: Word): Word {
  const { text } = word;
  return text.startsWith('[') && text.endsWith(']') ? partOf(word, 1, text.length - 1) : word;
}

/** A list of addresses and names with commas between them; undefined after a report. */
export function parseHosts(word: Word, { report }: ParseContext): readonly Word[] | undefined {
  const hosts: Word[] = [];
  let start = 0;
  for (const text of word.text.split(',')) {
    const host = unbracket(partOf(word, start, start + text.length));
    if (!HOST.test(host.text)) {
      const message = `Cannot listen on ${quote(text)}: it is neither an address nor the name of a host`;
      return void report.add({ code: 'inetd/address', at: host.place, message });
    }
    hosts.push(host);
    start += text.length + 1;
  }
  return hosts;
}
