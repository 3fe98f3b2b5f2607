import { quote } from '../../config/quote.ts';
import { parseAddress } from '../../model/address.ts';
import { checkWords } from './check-words.ts';
import { KeyReader } from './key-reader.ts';
import { knowsPeers } from './knows-peers.ts';
import type { ParseContext } from './parse-context.ts';
import { parseCount } from './parse-count.ts';
import { parseHosts } from './parse-hosts.ts';
import { parseProgram } from './parse-program.ts';
import { parseProtocol } from './parse-protocol.ts';
import { parseSocketType } from './parse-socket-type.ts';
import { parseSubject } from './parse-subject.ts';
import type { Count, Family, Limits, ServiceEntry, Subject, Transport } from './service-entry.ts';
import type { Statement } from './statement.ts';
import { subjectName } from './subject-name.ts';
import type { Word } from './word.ts';

type Definition = Extract<Statement, { kind: 'pairs' }>;

interface Context extends ParseContext {
  readonly isUtf8: boolean;
  /** Where services listen that do not say so. */
  readonly defaultHosts: readonly Word[] | undefined;
}

/** A word that stands for what is left out. */
function implied(text: string, { place }: Word): Word {
  return { text, place, isLiteral: false };
}

function parseWaitKey(reader: KeyReader, context: Context, isInternal: boolean): Word | undefined {
  const word = isInternal ? reader.value('wait') : reader.required('wait');
  if (!word || word.text === 'yes' || word.text === 'no') return word;
  const message = `Cannot use ${quote(word.text)} for "wait": must be "yes" or "no"`;
  return void context.report.add({ code: 'inetd/wait', at: word.place, message });
}

/** The limits that are written; `isValid` is false after a report. */
function parseLimitKeys(reader: KeyReader, context: Context): { limits: Limits; isValid: boolean } {
  let isValid = true;
  const read = (key: string): Count | undefined => {
    const word = reader.value(key);
    const count = word && parseCount(word, context);
    isValid &&= !word || count !== undefined;
    return count;
  };
  const limits = {
    perMinute: read('service_max'),
    perMinuteAndSource: read('ip_max'),
    children: read('accept_max'),
    childrenPerSource: undefined,
  };
  return { limits, isValid };
}

/** Without a number at its end a protocol takes the family of the address. */
function familyOf(
  transport: Transport,
  options: {
    readonly protocol: Word;
    readonly hosts: readonly Word[] | undefined;
    readonly context: Context;
  },
): Family | undefined {
  const { protocol, hosts, context } = options;
  if (transport.kind === 'unix' || /[46]$/.test(protocol.text)) return transport.family;
  const [host] = hosts ?? [];
  const length = host && parseAddress(host.text)?.length;
  if (length !== undefined) return length === 4 ? 'ipv4' : 'ipv6';
  const message = `Cannot tell the address family of ${quote(protocol.text)}: no address says which`;
  const help = `write "${protocol.text}4" or "${protocol.text}6"`;
  return void context.report.add({ code: 'inetd/address', at: protocol.place, message, help });
}

function withBuffers(transport: Transport, reader: KeyReader): Transport {
  return { ...transport, sendBuffer: reader.value('sndbuf'), receiveBuffer: reader.value('recvbuf') };
}

/** The subject with the addresses of `bind`; undefined after a report. */
function bound(subject: Subject, reader: KeyReader, context: Context): Subject | undefined {
  const bind = reader.value('bind');
  if (!bind || (subject.kind !== 'port' && subject.kind !== 'rpc')) return subject;
  if (subject.hosts) {
    const message = 'Cannot use "bind": the service has an address before its name';
    return void context.report.add({ code: 'inetd/key', at: bind.place, message });
  }
  const hosts = parseHosts(bind, context);
  return hosts && { ...subject, hosts };
}

function warnOfFilter(reader: KeyReader, { report }: Context): void {
  const filter = reader.value('acceptfilter');
  if (!filter) return;
  const message = `Ignored the accept filter ${quote(filter.text)}: Linux has none`;
  report.add({ code: 'inetd/ignored', at: filter.place, message });
}

/** `ipsec =` with nothing lifts the policy of the lines before; false after a report. */
function checkPolicy(reader: KeyReader, { report }: Context): boolean {
  const policy = reader.value('ipsec');
  if (!policy?.text) return true;
  const message = `Cannot set the IPsec policy ${quote(policy.text)}: zinetd sets none`;
  report.add({
    code: 'inetd/ipsec',
    at: policy.place,
    message,
    help: 'set it with ip-xfrm(8), and remove the key',
  });
  return false;
}

function parseKeys(definition: Definition, reader: KeyReader, context: Context): ServiceEntry | undefined {
  const { head, place } = definition;
  const protocol = reader.required('protocol');
  const user = reader.required('user');
  const exec = reader.value('exec') ?? implied('internal', head);
  const wait = parseWaitKey(reader, context, exec.text === 'internal');
  const { limits, isValid } = parseLimitKeys(reader, context);
  const written = protocol && parseProtocol(protocol, context);
  const socketWord = reader.value('socktype') ?? implied(written?.kind === 'udp' ? 'dgram' : 'stream', head);
  if (written?.kind === 'unix') reader.required('socktype');
  const socket = written && parseSocketType(socketWord, { ...context, transport: written });
  const named = written && parseSubject(head, { ...context, transport: written });
  const subject = named && bound(named, reader, context);
  if (!reader.isValid || !isValid || !protocol || !user || !written || !socket || !subject) return undefined;
  if (!wait && exec.text !== 'internal') return undefined;
  const hosts = 'hosts' in subject ? (subject.hosts ?? context.defaultHosts) : undefined;
  const family = subject.kind === 'mux' ? written.family : familyOf(written, { protocol, hosts, context });
  const isWaiting = wait?.text === 'yes';
  const isBlind = !knowsPeers({ wait: isWaiting, socketType: socket.type, transport: written });
  const program = parseProgram(
    { server: exec, args: reader.values('args') ?? [] },
    { ...context, service: subjectName(subject), isBlind },
  );
  if (!family || !program || !checkPolicy(reader, context)) return undefined;
  warnOfFilter(reader, context);
  return {
    ...{ head, place, subject, program, limits, isEnabled: definition.isOn, socketType: socket.type },
    transport: { ...withBuffers(written, reader), family },
    principals: { user, group: reader.value('group') },
    hasOwnPolicy: reader.values('ipsec') !== undefined,
    wait: isWaiting,
    waitAt: wait?.place ?? head.place,
  };
}

/** A definition of NetBSD in keys and values; undefined after a report. */
export function parseKeyValues(definition: Definition, context: Context): ServiceEntry | undefined {
  if (definition.fault) {
    const { at, reason } = definition.fault;
    const message = `Cannot read this definition: ${reason}`;
    return void context.report.add({ code: 'inetd/syntax', at, message });
  }
  const words = [definition.head, ...definition.pairs.flatMap(({ key, values }) => [key, ...values])];
  const reader = new KeyReader(definition, context);
  return checkWords(words, context) ? parseKeys(definition, reader, context) : undefined;
}
