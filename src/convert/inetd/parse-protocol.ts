import { quote } from '../../config/quote.ts';
import type { Dialect } from './dialect.ts';
import type { ParseContext } from './parse-context.ts';
import type { Family, Transport } from './service-entry.ts';
import { partOf, type Word } from './word.ts';

const INTERNET = /^(rpc\/)?(tcp|udp)(4|6|46|6only)?$/;
/** Networks of Solaris that are TCP or UDP over whatever there is. */
const NETWORKS: ReadonlyMap<string, 'tcp' | 'udp'> = new Map([
  ['rpc/circuit_v', 'tcp'],
  ['rpc/datagram_v', 'udp'],
  ['rpc/circuit_n', 'tcp'],
  ['rpc/datagram_n', 'udp'],
]);
const NOT_SUPPORTED = /^(faith\/|tcp\/faith$|sctp|rpc\/(\*|ti)|rpc\/.*,(?!sndbuf|rcvbuf))/;
const BUFFER = /^(sndbuf|rcvbuf)=([1-9][0-9]{0,8}[km]?)$/;

function refuse(
  word: Word,
  context: ParseContext,
  options: { readonly code?: 'inetd/not-supported'; readonly reason: string },
): undefined {
  const message = `Cannot use ${quote(word.text)} as a protocol: ${options.reason}`;
  context.report.add({ code: options.code ?? 'inetd/protocol', at: word.place, message });
}

function familyOf(suffix: string | undefined, isRpc: boolean, dialect: Dialect): Family {
  switch (suffix) {
    case '4':
      return 'ipv4';
    case '46':
      return 'mapped';
    case '6only':
      return 'ipv6';
    case '6':
      return isRpc ? 'ipv6' : dialect.sixFamily;
    default:
      // What registers with a port mapper of old has one address.
      return isRpc ? 'ipv4' : dialect.plainFamily;
  }
}

type Buffers = Pick<Transport, 'sendBuffer' | 'receiveBuffer'>;

/** `,sndbuf=N,rcvbuf=N` behind the protocol. */
function parseBuffers(word: Word, start: number, context: ParseContext): Buffers | undefined {
  let sendBuffer: Word | undefined;
  let receiveBuffer: Word | undefined;
  let at = start;
  for (const text of word.text.slice(start).split(',').slice(1)) {
    const part = partOf(word, at + 1, at + 1 + text.length);
    const [, name, size] = BUFFER.exec(text) ?? [];
    if (name === undefined || size === undefined) {
      return refuse(part, context, { reason: 'must be sndbuf=SIZE or rcvbuf=SIZE' });
    }
    if (name === 'sndbuf' ? sendBuffer : receiveBuffer)
      return refuse(part, context, { reason: 'it is there twice' });
    const value = partOf(part, name.length + 1);
    if (name === 'sndbuf') sendBuffer = value;
    else receiveBuffer = value;
    at += 1 + text.length;
  }
  return { sendBuffer, receiveBuffer };
}

function parseInternet(
  base: string,
  word: Word,
  context: ParseContext,
): Pick<Transport, 'kind' | 'family' | 'isRpc'> | undefined {
  const [, rpc, kind, suffix] = INTERNET.exec(base) ?? [];
  if (kind === 'tcp' || kind === 'udp') {
    const isRpc = rpc !== undefined;
    return { kind, isRpc, family: familyOf(suffix, isRpc, context.dialect) };
  }
  const network = NETWORKS.get(base);
  if (network) return { kind: network, isRpc: true, family: 'both' };
  if (base === 'tcp/ttcp') {
    const message = 'Read "tcp/ttcp" as "tcp": nobody has T/TCP any more';
    context.report.add({ code: 'inetd/ignored', at: word.place, message });
    return { kind: 'tcp', isRpc: false, family: 'ipv4' };
  }
  return refuse(word, context, { reason: 'must be tcp, udp or unix, with 4, 6 or 46, or rpc/ before it' });
}

/** The third field; undefined after a report. */
export function parseProtocol(word: Word, context: ParseContext): Transport | undefined {
  if (NOT_SUPPORTED.test(word.text)) {
    return refuse(word, context, {
      code: 'inetd/not-supported',
      reason: 'zinetd has TCP, UDP and unix sockets',
    });
  }
  const comma = word.text.indexOf(',');
  const base = comma === -1 ? word.text : word.text.slice(0, comma);
  const buffers =
    comma === -1 ? { sendBuffer: undefined, receiveBuffer: undefined } : parseBuffers(word, comma, context);
  if (!buffers) return undefined;
  const at = word.place;
  if (base === 'unix') return { kind: 'unix', family: 'both', isRpc: false, ...buffers, at };
  const internet = parseInternet(base, word, context);
  return internet && { ...internet, ...buffers, at };
}
