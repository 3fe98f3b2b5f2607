import { quote } from '../../config/quote.ts';
import type { ChainContext } from './chain-context.ts';
import { knownText } from './option-words.ts';
import type { ServerCall } from './server-call.ts';
import type { ShellWord } from './shell-word.ts';

/** `host port program words`, of which all must be known; undefined after a report. */
export function takeProgram(
  words: readonly ShellWord[],
  { self, report }: ChainContext & { readonly self: ShellWord },
): Pick<ServerCall, 'host' | 'port' | 'program'> | undefined {
  const [host, port, ...program] = words;
  if (!host || !port || program.length === 0) {
    const message = `Cannot use ${quote(self.text)}: a host, a port and a program must follow its options`;
    return void report.add({ code: 'tcprules/option', at: self.place, message });
  }
  const known = words.map((word) => knownText(word, report));
  return known.includes(undefined) ? undefined : { host, port, program };
}
