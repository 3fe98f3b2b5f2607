import { quote } from '../../config/quote.ts';
import { entryOf, scalarNode } from '../tree.ts';
import { askRules } from './ask-rules.ts';
import type { ChainContext } from './chain-context.ts';
import { backlogEntry, instanceEntries } from './number-entries.ts';
import { lastOption, type OptionForm, type OptionWord, parseOptions } from './option-words.ts';
import type { ServerCall } from './server-call.ts';
import type { ShellWord } from './shell-word.ts';
import { takeProgram } from './take-program.ts';
import { type Losses, tellLosses } from './tell-losses.ts';

const FLAGS = 'qQvX1hHpPrRoOdDU46';
const VALUES = 'cxBgubltI';
const USUAL_CHILDREN = 40;
const USUAL_BACKLOG = 20;

const LOSSES: Losses = {
  B: ['zinetd sends a greeting from a file', 'write the text into a file, and its path as "banner"'],
  o: ['source routes are left to the kernel, which drops them', 'leave it out'],
  l: ['"TCPLOCALHOST" is not set', 'write it as a variable in "env"'],
  '1': ['the port that the kernel chose is in the log', 'look for "listens on"'],
};

const TLS_LOSSES: Losses = {
  ...LOSSES,
  e: ['what a handler is told of TLS has other names', 'see "tls" in "peer_env"'],
  s: ['what a handler is told of TLS has other names', 'see "tls" in "peer_env"'],
  w: ['a time limit for a single read has no counterpart', 'see "idle_timeout"'],
  W: ['a time limit for a single write has no counterpart', 'see "idle_timeout"'],
};

function warnOfNames(options: readonly OptionWord[], self: ShellWord, { report }: ChainContext): void {
  const asks = (on: string, off: string): boolean =>
    (options.findLast(({ letter }) => letter === on || letter === off)?.letter ?? on) === on;
  const names = [asks('h', 'H') ? ['"TCPREMOTEHOST"'] : [], asks('r', 'R') ? ['"TCPREMOTEINFO"'] : []].flat();
  if (names.length === 0) return;
  const message = `Left ${names.join(' and ')} unset: names are looked up only for rules, and users for the log`;
  const help = 'see "userid" in "log_on_success" if the log is what it is for';
  report.add({ code: 'tcprules/unset', at: self.place, message, help });
}

function familyOf(options: readonly OptionWord[], host: ShellWord): ServerCall['family'] {
  if (host.text === ':0') return 'both';
  const isMapped = host.text === '::' || lastOption(options, '6') !== undefined;
  return isMapped && !lastOption(options, '4') ? 'mapped' : 'ipv4';
}

/** Refuses what would make a service more open than it is if it were left out. */
function checkSupport(options: readonly OptionWord[], context: ChainContext): void {
  const tls = lastOption(options, 'n');
  if (tls) {
    const message =
      'Cannot use option "-n": the program would begin TLS itself, with descriptors that it does not get';
    context.report.add({ code: 'tcprules/not-supported', at: tls.at.place, message });
  }
  const device = lastOption(options, 'I')?.value;
  if (device && !lastOption(options, '6') && !/:/.test(device.text)) {
    const message = `Ignored the interface ${quote(device.text)}: tcpserver asks it for addresses of one link only`;
    context.report.add({
      code: 'tcprules/no-counterpart',
      at: device.place,
      message,
      help: 'see "bind_to_device"',
    });
  }
}

function readServer(
  words: readonly ShellWord[],
  context: ChainContext & { readonly self: ShellWord; readonly isTls: boolean },
): ServerCall | undefined {
  const { self, report, isTls } = context;
  // sslserver has letters of its own, of which some mean something else to tcpserver.
  const form: OptionForm = isTls
    ? { command: self.text, flags: `${FLAGS}aAeEiInNsSzZjJmM3`, values: 'cxBgubltwWVfyY' }
    : { command: self.text, flags: FLAGS, values: VALUES };
  const parsed = parseOptions(words, { form, report });
  const taken = parsed && takeProgram(parsed.rest, context);
  if (!parsed || !taken) return undefined;
  const { options } = parsed;
  checkSupport(options, context);
  // `-l0` is the usual way not to look the own name up.
  const told = options.filter(({ letter, value }) => letter !== 'l' || value?.text !== '0');
  tellLosses(told, { losses: isTls ? TLS_LOSSES : LOSSES, report });
  warnOfNames(options, self, context);
  // Of sslserver "-i" is something else.
  const rules = askRules(
    options.filter(({ letter }) => letter === 'x'),
    context,
  );
  if (!rules) return undefined;
  const noDelay = options.findLast(({ letter }) => letter === 'd' || letter === 'D');
  return {
    ...{ server: self, ...taken, transport: 'tcp', family: familyOf(options, taken.host) },
    ...{ user: lastOption(options, 'u')?.value, group: lastOption(options, 'g')?.value },
    takesNamed: lastOption(options, 'U') !== undefined,
    rules,
    confirmsNames: options.findLast(({ letter }) => /[pP]/.test(letter))?.letter === 'p',
    knowsNames: options.findLast(({ letter }) => /[hH]/.test(letter))?.letter !== 'H',
    tellsPeer: true,
    tls: isTls ? { at: self, asksClient: lastOption(options, 'i') !== undefined } : undefined,
    entries: [
      backlogEntry(options, { usual: USUAL_BACKLOG, self, report }),
      noDelay?.letter === 'D' ? entryOf('no_delay', scalarNode(true, noDelay.at.place)) : undefined,
      ...instanceEntries(options, { usual: USUAL_CHILDREN, isPerSource: false, self, report }),
    ],
  };
}

export function readTcpserver(
  words: readonly ShellWord[],
  context: ChainContext & { readonly self: ShellWord },
): ServerCall | undefined {
  return readServer(words, { ...context, isTls: false });
}

export function readSslserver(
  words: readonly ShellWord[],
  context: ChainContext & { readonly self: ShellWord },
): ServerCall | undefined {
  return readServer(words, { ...context, isTls: true });
}
