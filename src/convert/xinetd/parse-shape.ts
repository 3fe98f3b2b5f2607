import { quote } from '../../config/quote.ts';
import type { EntryContext } from './entry-context.ts';
import { firstWord } from './first-word.ts';
import { ipv4Address } from './ipv4-address.ts';
import { parseChoices } from './parse-choices.ts';
import { parseSwitch } from './parse-switch.ts';
import { refuseValue } from './refuse-value.ts';
import { FLAG_WORDS, type ServiceShape, TYPE_WORDS } from './service-shape.ts';

type Transport = ServiceShape['transport'];

const SOCKET_TYPES: ReadonlyMap<string, Transport | undefined> = new Map([
  ...([['stream', 'tcp'] as const, ['dgram', 'udp'] as const] as const),
  ...([['raw', undefined] as const, ['seqpacket', undefined] as const] as const),
]);

function transportOfType({ entry, report }: EntryContext): Transport | undefined {
  const word = firstWord(entry, 'socket_type');
  const type = word?.text.toLowerCase() ?? '';
  if (!word || SOCKET_TYPES.get(type)) return SOCKET_TYPES.get(type);
  if (!SOCKET_TYPES.has(type)) {
    return refuseValue({ name: 'socket_type', word, reason: 'must be "stream" or "dgram"' }, report);
  }
  const message = `Cannot have a ${type} socket: zinetd has none but of TCP and UDP`;
  return void report.add({ code: 'xinetd/not-supported', at: word.place, message });
}

/** xinetd takes what protocols(5) has, and then needs a socket type for it. */
function transportOfProtocol({ entry, report }: EntryContext): Transport | undefined {
  const word = firstWord(entry, 'protocol');
  const [, protocol, family = ''] = /^(tcp|udp)([46])?$/i.exec(word?.text ?? '') ?? [];
  const found = protocol?.toLowerCase() as Transport | undefined;
  if (!word || (found && family === '')) return found;
  const help = found && `write "protocol = ${found}" and "flags = IPv${family}"`;
  return refuseValue({ name: 'protocol', word, reason: 'must be "tcp" or "udp"', help }, report);
}

/** The one is inferred from the other; undefined after a report. */
function parseTransport(context: EntryContext): Transport | undefined {
  const { entry, report } = context;
  const [ofType, ofProtocol] = [transportOfType(context), transportOfProtocol(context)];
  const [type, protocol] = [firstWord(entry, 'socket_type'), firstWord(entry, 'protocol')];
  if (!type && !protocol) {
    const message = `Cannot run service ${quote(entry.name.text)}: "socket_type" is missing`;
    return void report.add({ code: 'xinetd/missing', at: entry.name.place, message });
  }
  if (!type || !protocol) return ofType ?? ofProtocol;
  if (!ofType || !ofProtocol || ofType === ofProtocol) return ofType && ofProtocol;
  const message = `Cannot have a ${type.text.toLowerCase()} socket of ${quote(protocol.text)}: must be "${ofProtocol === 'tcp' ? 'stream' : 'dgram'}"`;
  return void report.add({ code: 'xinetd/conflict', at: protocol.place, message });
}

function parseWait(context: EntryContext): boolean | undefined {
  const { entry, report } = context;
  if (firstWord(entry, 'wait')) return parseSwitch('wait', context);
  const message = `Cannot run service ${quote(entry.name.text)}: "wait" is missing`;
  return void report.add({ code: 'xinetd/missing', at: entry.name.place, message });
}

type Words = Pick<ServiceShape, 'types' | 'flags'>;

function kindOf({ entry }: EntryContext, { types, flags }: Words): ServiceShape['kind'] {
  if (flags.has('sensor')) return 'sensor';
  if (types.has('internal')) return 'builtin';
  return entry.attributes.has('redirect') ? 'redirect' : 'program';
}

function doorOf({ types }: Words): ServiceShape['door'] {
  if (types.has('tcpmux') || types.has('tcpmuxplus')) return 'mux';
  return types.has('rpc') ? 'rpc' : 'port';
}

/** With both flags it is one of IPv6; with none it is as the address of `bind`. */
function isOfIpv4({ entry }: EntryContext, { flags }: Words): boolean {
  if (flags.has('ipv6') || flags.has('ipv4')) return !flags.has('ipv6');
  return ipv4Address(firstWord(entry, 'bind')?.text ?? '') !== undefined;
}

/** What kind of service it is; undefined after a report. */
export function parseShape(context: EntryContext): ServiceShape | undefined {
  const words: Words = {
    types: parseChoices('type', TYPE_WORDS, context),
    flags: parseChoices('flags', FLAG_WORDS, context),
  };
  const transport = parseTransport(context);
  const wait = parseWait(context);
  if (!transport || wait === undefined) return undefined;
  const [kind, door] = [kindOf(context, words), doorOf(words)];
  const isWaiting = wait && kind === 'program' && door !== 'mux';
  return {
    ...{ ...words, kind, door, transport, isWaiting },
    isIpv4: isOfIpv4(context, words),
    knowsPeers: !isWaiting || transport === 'udp',
  };
}
