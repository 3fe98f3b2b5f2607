import { basename } from 'node:path/posix';
import { entryOf, scalarNode } from '../tree.ts';
import { askRules } from './ask-rules.ts';
import type { ChainContext } from './chain-context.ts';
import { backlogEntry, instanceEntries } from './number-entries.ts';
import { lastOption, type OptionWord, parseNumber, parseOptions } from './option-words.ts';
import type { ServerCall } from './server-call.ts';
import type { ShellWord } from './shell-word.ts';
import { takeProgram } from './take-program.ts';
import { type Losses, tellLosses } from './tell-losses.ts';

const USUAL_CHILDREN = 40;
const USUAL_BACKLOG = 20;
const MOST_HANDLERS = 65_535;

const LOSSES: Losses = {
  G: ['no supplementary groups are taken from it', 'write them as "groups"'],
  '1': ['that it listens is in the log', 'look for "listens on"'],
};
const ACCESS_LOSSES: Losses = {
  B: ['zinetd sends a greeting from a file', 'write the text into a file, and its path as "banner"'],
  l: ['"TCPLOCALHOST" is not set', 'write it as a variable in "env"'],
  t: ['looking names up has a limit of its own', 'leave it out'],
  r: ['"TCPREMOTEINFO" is not set', 'see "userid" in "log_on_success"'],
};

type Context = ChainContext & { readonly self: ShellWord };
type Asked = Pick<ServerCall, 'program' | 'rules' | 'confirmsNames' | 'knowsNames' | 'entries'>;

/** s6-tcpserver-access before the program: its rules are ours. */
function readAccess(program: readonly ShellWord[], context: Context): Asked | undefined {
  const [self, ...words] = program;
  const none = { program, rules: 'none' as const, confirmsNames: false, knowsNames: false, entries: [] };
  if (!self || basename(self.text) !== 's6-tcpserver-access') return none;
  const form = { command: self.text, flags: 'WwDdHhRrPp', values: 'vlBtix' };
  const parsed = parseOptions(words, { form, report: context.report });
  if (!parsed) return undefined;
  const { options, rest } = parsed;
  tellLosses(options, { losses: ACCESS_LOSSES, report: context.report });
  const rules = askRules(options, context);
  if (!rules) return undefined;
  const noDelay = options.findLast(({ letter }) => /[dD]/.test(letter));
  return {
    program: rest,
    rules,
    confirmsNames: options.findLast(({ letter }) => /[pP]/.test(letter))?.letter === 'p',
    knowsNames: lastOption(options, 'H') === undefined,
    entries: [noDelay?.letter === 'D' ? entryOf('no_delay', scalarNode(true, noDelay.at.place)) : undefined],
  };
}

/** At its limit of one address s6 closes the connection. */
function perSourceEntry(options: readonly OptionWord[], { self, report }: Context) {
  const value = lastOption(options, 'C')?.value;
  const number = value ? parseNumber(value, { least: 1, most: MOST_HANDLERS, report }) : USUAL_CHILDREN;
  return number === undefined
    ? undefined
    : entryOf('per_source', scalarNode(number, value?.place ?? self.place));
}

function familyOf(self: ShellWord, host: ShellWord): ServerCall['family'] {
  return basename(self.text).includes('6-tcpserver6') || host.text.includes(':') ? 'ipv6' : 'ipv4';
}

/** s6-tcpserver, and with it s6-tlsserver. */
export function readS6(words: readonly ShellWord[], context: Context): ServerCall | undefined {
  const { self, report } = context;
  const form = { command: self.text, flags: 'qQv1UdDeyYHhRrPpWwJjsSE', values: 'cCbGguxiBltKkvL' };
  const isTls = basename(self.text).startsWith('s6-tls');
  const own = isTls ? form : { command: self.text, flags: 'qQv1UdD', values: 'cCbGgu' };
  const parsed = parseOptions(words, { form: own, report });
  const taken = parsed && takeProgram(parsed.rest, context);
  const access = taken && readAccess(taken.program, context);
  if (!parsed || !taken || !access) return undefined;
  const { options } = parsed;
  tellLosses(options, { losses: LOSSES, report });
  const rules = askRules(options, context);
  if (!rules) return undefined;
  return {
    ...{ server: self, ...taken, transport: 'tcp', family: familyOf(self, taken.host) },
    ...{ user: lastOption(options, 'u')?.value, group: lastOption(options, 'g')?.value },
    takesNamed: lastOption(options, 'U') !== undefined,
    tellsPeer: true,
    tls: isTls ? { at: self, asksClient: options.some(({ letter }) => /[yY]/.test(letter)) } : undefined,
    ...access,
    rules: rules === 'none' ? access.rules : rules,
    entries: [
      backlogEntry(options, { usual: USUAL_BACKLOG, self, report }),
      perSourceEntry(options, context),
      ...instanceEntries(options, { usual: USUAL_CHILDREN, isPerSource: true, self, report }),
      ...access.entries,
    ],
  };
}
