import { quote } from '../../config/quote.ts';
import type { Report } from '../../config/report.ts';
import type { Word } from './entry.ts';

/** Reports a value for which xinetd disables the service. */
export function refuseValue(
  fault: {
    readonly name: string;
    readonly word: Word;
    readonly reason: string;
    readonly help?: string | undefined;
  },
  report: Report,
): undefined {
  const { name, word, reason, help } = fault;
  const message = `Cannot use ${quote(word.text)} for "${name}": ${reason}`;
  report.add({ code: 'xinetd/value', at: word.place, message, help });
}
