import { basename } from 'node:path/posix';
import { quote } from '../../config/quote.ts';
import type { ChainContext, Loader } from './chain-context.ts';
import { knownText } from './option-words.ts';
import type { ServerCall } from './server-call.ts';
import { SERVERS } from './servers.ts';
import type { ShellWord } from './shell-word.ts';

/** Goes through the programs that each start the next, up to the one that listens; undefined after a report. */
export function readChain(
  command: readonly ShellWord[],
  { loaders, ...context }: ChainContext & { readonly loaders: ReadonlyMap<string, Loader> },
): ServerCall | undefined {
  let words: readonly ShellWord[] | undefined = command;
  while (words) {
    const [self, ...rest]: readonly ShellWord[] = words;
    if (!self) break;
    const text = knownText(self, context.report);
    if (text === undefined) return undefined;
    const server = SERVERS.get(basename(text));
    if (server) return server(rest, { ...context, self });
    const loader = loaders.get(basename(text));
    if (!loader) {
      const message = `Cannot tell what ${quote(text)} does: it is no program that listens, nor one that starts one`;
      const help = 'leave in the file only what leads to the server, such as "exec tcpserver ..."';
      return void context.report.add({ code: 'tcprules/command', at: self.place, message, help });
    }
    words = loader(rest, { ...context, self });
  }
  const [first] = command;
  if (words && first) {
    const message = `Cannot use ${quote(first.text)}: no server follows it`;
    context.report.add({ code: 'tcprules/command', at: first.place, message });
  }
  return undefined;
}
