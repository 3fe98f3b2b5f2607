import { quote } from '../../config/quote.ts';
import { lineIndexAt } from '../../config/source.ts';
import { checkWords } from './check-words.ts';
import { isEntryShaped } from './entry-shape.ts';
import type { ParseContext } from './parse-context.ts';
import { parseFields } from './parse-fields.ts';
import type { ServiceEntry } from './service-entry.ts';
import type { Statement } from './statement.ts';
import { rewriteRpc } from './system-v-rpc.ts';
import type { Word } from './word.ts';

const FIELD_NAMES = ['service', 'socket type', 'protocol', '"wait" or "nowait"', 'user', 'server'];

type Line = Extract<Statement, { kind: 'words' }>;

function reportMissing(words: readonly Word[], { report }: ParseContext): undefined {
  const last = words.at(-1);
  if (!last) return;
  const message = `Cannot read an entry behind ${quote(last.text)}: the field for the ${FIELD_NAMES[words.length]} is missing`;
  report.add({ code: 'inetd/fields', at: last.place, message });
}

/** A line that goes on in the next may have taken in what was meant to stand alone. */
function warnOfContinuation({ words, place }: Line, { report }: ParseContext): void {
  const lineOf = (word: Word): number => lineIndexAt(place.source, word.place.start);
  for (const [index, word] of words.entries()) {
    const before = words[index - 1];
    if (!before || lineOf(word) === lineOf(before)) continue;
    if (!isEntryShaped(words.slice(index, index + 6).map(({ text }) => text))) continue;
    const message = `Read ${quote(word.text)} and what follows as the rest of the entry before: the line is indented`;
    const help = 'begin the line in the first column if it is one of its own';
    report.add({ code: 'inetd/continued-line', at: word.place, message, help });
  }
}

/** An entry of fields in their order; undefined after a report. */
export function parsePositional(
  line: Line,
  context: ParseContext & { readonly isUtf8: boolean },
): ServiceEntry | undefined {
  if (line.fault) {
    const { at, reason } = line.fault;
    return void context.report.add({ code: 'inetd/syntax', at, message: `Cannot read this line: ${reason}` });
  }
  const [head, socketType, protocol, wait, user, server, ...args] = rewriteRpc(line.words, context.dialect);
  if (!head || !socketType || !protocol || !wait || !user || !server)
    return reportMissing(line.words, context);
  if (!checkWords(line.words, context)) return undefined;
  warnOfContinuation(line, context);
  return parseFields({ place: line.place, head, socketType, protocol, wait, user, server, args }, context);
}
