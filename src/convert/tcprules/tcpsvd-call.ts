import type { MapEntry } from '../../config/syntax-node.ts';
import { entryOf, mapNode, scalarNode } from '../tree.ts';
import { askRules } from './ask-rules.ts';
import type { ChainContext } from './chain-context.ts';
import { backlogEntry, instanceEntries } from './number-entries.ts';
import { lastOption, type OptionWord, parseNumber, parseOptions, partOf } from './option-words.ts';
import type { ServerCall } from './server-call.ts';
import type { ShellWord } from './shell-word.ts';
import { takeProgram } from './take-program.ts';
import { type Losses, tellLosses } from './tell-losses.ts';

const USUAL_CHILDREN = 30;
const USUAL_BACKLOG = 20;
const MOST_HANDLERS = 65_535;

const LOSSES: Losses = { l: ['"TCPLOCALHOST" is not set', 'write it as a variable in "env"'] };
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', '\\': '\\' };

type Context = ChainContext & { readonly self: ShellWord };

/** `-C 3:too many`: so many of one address, and what is said to the next. */
function perSourceEntries(options: readonly OptionWord[], { report }: Context): readonly MapEntry[] {
  const value = lastOption(options, 'C')?.value;
  if (!value) return [];
  const colon = value.text.indexOf(':');
  const count = colon === -1 ? value : partOf(value, 0, colon);
  const number = parseNumber(count, { least: 0, most: MOST_HANDLERS, report });
  if (number === undefined) return [];
  if (number === 0) return [entryOf('per_source', scalarNode('UNLIMITED', value.place))];
  return [entryOf('per_source', scalarNode(number, value.place))];
}

function policyEntry(options: readonly OptionWord[], entries: readonly (MapEntry | undefined)[]) {
  const value = lastOption(options, 'C')?.value;
  const [, text] = /^[1-9][0-9]*:([\s\S]+)$/.exec(value?.text ?? '') ?? [];
  if (!value || text === undefined) return entries;
  const said = text.replace(/\\([nr\\])/g, (_, letter: string) => ESCAPES[letter] ?? letter);
  const reject = entryOf(
    'reject',
    mapNode([entryOf('text', scalarNode(said.replaceAll('%', '%%'), value.place))], value.place),
  );
  return entries.map((entry) => {
    if (entry?.key !== 'policies' || entry.value.kind !== 'map') return entry;
    const rows = [...entry.value.entries.values(), entryOf('per_source', mapNode([reject], value.place))];
    return entryOf('policies', mapNode(rows, entry.value.place));
  });
}

/** Instructions that go away by themselves. */
function checkExpiry(options: readonly OptionWord[], { report }: Context): void {
  const expiry = lastOption(options, 't');
  if (!lastOption(options, 'i') || !expiry || expiry.value?.text === '0') return;
  const message = 'Cannot use option "-t": instructions that go away by themselves have no counterpart';
  const help = 'see "zinetd ban" and "penalties"';
  report.add({ code: 'tcprules/not-supported', at: expiry.at.place, message, help });
}

/** tcpsvd of ipsvd and of busybox. */
export function readTcpsvd(words: readonly ShellWord[], context: Context): ServerCall | undefined {
  const { self, report } = context;
  const form = { command: self.text, flags: 'hpEv', values: 'cCbulixt' };
  const parsed = parseOptions(words, { form, report });
  const taken = parsed && takeProgram(parsed.rest, context);
  if (!parsed || !taken) return undefined;
  const { options } = parsed;
  tellLosses(options, { losses: LOSSES, report });
  checkExpiry(options, context);
  const rules = askRules(options, context);
  if (!rules) return undefined;
  const perSource = perSourceEntries(options, context);
  const isPerSource = perSource.length > 0;
  const instances = instanceEntries(options, { usual: USUAL_CHILDREN, isPerSource, self, report });
  return {
    ...{ server: self, ...taken, transport: 'tcp', family: 'ipv4' },
    ...{ user: lastOption(options, 'u')?.value, group: undefined, takesNamed: false },
    rules,
    confirmsNames: lastOption(options, 'p') !== undefined,
    knowsNames: options.some(({ letter }) => /[hp]/.test(letter)),
    tellsPeer: lastOption(options, 'E') === undefined,
    tls: undefined,
    entries: [
      backlogEntry(options, { usual: USUAL_BACKLOG, self, report }),
      ...perSource,
      ...policyEntry(options, instances),
    ],
  };
}

/** udpsvd hands its socket to one program at a time, as we do to a service that waits. */
export function readUdpsvd(words: readonly ShellWord[], context: Context): ServerCall | undefined {
  const { self, report } = context;
  const form = { command: self.text, flags: 'hpv', values: 'ulixtcC' };
  const parsed = parseOptions(words, { form, report });
  const taken = parsed && takeProgram(parsed.rest, context);
  if (!parsed || !taken) return undefined;
  const { options } = parsed;
  const rules = options.find(({ letter }) => letter === 'i' || letter === 'x');
  if (rules) {
    const message =
      'Cannot ask instructions: the program gets the socket, and nobody knows the clients before';
    report.add({ code: 'tcprules/not-supported', at: rules.at.place, message });
  }
  const wait = entryOf('wait', scalarNode(true, self.place));
  return {
    ...{ server: self, ...taken, transport: 'udp', family: 'ipv4' },
    ...{ user: lastOption(options, 'u')?.value, group: undefined, takesNamed: false, rules: 'none' },
    ...{ confirmsNames: false, knowsNames: false, tellsPeer: false, tls: undefined, entries: [wait] },
  };
}
