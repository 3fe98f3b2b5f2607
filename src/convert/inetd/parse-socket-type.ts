import { quote } from '../../config/quote.ts';
import type { ParseContext } from './parse-context.ts';
import { parseCount } from './parse-count.ts';
import type { Count, SocketType, Transport } from './service-entry.ts';
import { partOf, type Word } from './word.ts';

export interface SocketKind {
  readonly type: SocketType;
  /** NetBSD's accept_max. */
  readonly acceptMax: Count | undefined;
}

const FORM = /^(stream|dgram|seqpacket|rdm|raw|tli|xti|sunrpc_tcp|sunrpc_udp)([,:].*)?$/s;
const ACCEPT_MAX = /^,([^:]*)(?::|$)/;

function endpointType(base: string, transport: Transport): SocketType {
  if (base === 'sunrpc_tcp') return 'stream';
  if (base === 'sunrpc_udp') return 'dgram';
  return transport.kind === 'udp' ? 'dgram' : 'stream';
}

/** Their servers find something else on descriptor 0 than they were written for. */
function warnOfEndpoint(word: Word, { report }: ParseContext): void {
  report.add({
    code: 'inetd/endpoint',
    at: word.place,
    message: `Made a socket of ${quote(word.text)}: Linux has no transport endpoints`,
    help: 'a server that was built for System V may have to be replaced by one for sockets',
  });
}

/** `stream,accept_max:filter,argument`. */
function parseSuffix(word: Word, options: { base: string; context: ParseContext }): SocketKind | undefined {
  const { base, context } = options;
  const { report, dialect } = context;
  const suffix = partOf(word, base.length);
  if (base !== 'stream' || dialect.name !== 'netbsd') {
    const message = `Cannot use ${quote(word.text)} as a socket type: nothing may follow ${quote(base)} here`;
    return void report.add({ code: 'inetd/socket-type', at: word.place, message });
  }
  const [matched, number] = ACCEPT_MAX.exec(suffix.text) ?? [];
  const acceptMax =
    number === undefined ? undefined : parseCount(partOf(suffix, 1, 1 + number.length), context);
  if (number !== undefined && !acceptMax) return undefined;
  const filter = matched === undefined ? suffix.text : suffix.text.slice(1 + (number ?? '').length);
  if (filter !== '') {
    const message = `Ignored the accept filter ${quote(filter.slice(1))}: Linux has none`;
    report.add({ code: 'inetd/ignored', at: word.place, message });
  }
  return { type: 'stream', acceptMax };
}

/** The second field; undefined after a report. */
export function parseSocketType(
  word: Word,
  context: ParseContext & { readonly transport: Transport },
): SocketKind | undefined {
  const [, base, suffix] = FORM.exec(word.text) ?? [];
  if (base === undefined) {
    const message = `Cannot use ${quote(word.text)} as a socket type: must be "stream", "dgram" or "seqpacket"`;
    return void context.report.add({ code: 'inetd/socket-type', at: word.place, message });
  }
  if (suffix !== undefined) return parseSuffix(word, { base, context });
  if (base === 'raw' || base === 'rdm') {
    const message = `Cannot listen on a socket of the type ${quote(base)}`;
    return void context.report.add({ code: 'inetd/not-supported', at: word.place, message });
  }
  if (base === 'stream' || base === 'dgram' || base === 'seqpacket') {
    return { type: base, acceptMax: undefined };
  }
  warnOfEndpoint(word, context);
  return { type: endpointType(base, context.transport), acceptMax: undefined };
}
