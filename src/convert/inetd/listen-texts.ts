import { quote } from '../../config/quote.ts';
import type { Report } from '../../config/report.ts';
import type { ScalarNode } from '../../config/syntax-node.ts';
import { parseAddress } from '../../model/address.ts';
import { scalarNode } from '../tree.ts';
import type { Family, ServiceEntry } from './service-entry.ts';
import type { Word } from './word.ts';

interface Context {
  readonly report: Report;
  readonly defaultHosts: readonly Word[] | undefined;
}

const SCHEMES: Readonly<Record<Family, string>> = { ipv4: '4', ipv6: '6', both: '', mapped: '46' };
const UNIX_SCHEMES = { stream: 'unix', dgram: 'unix-dgram', seqpacket: 'unix-seqpacket' } as const;

/** Whether an address can be listened on with a protocol that is for one family. */
function fits(length: number, family: Family): boolean {
  return family === 'both' || (length === 4 ? family === 'ipv4' : family !== 'ipv4');
}

function zoneless(host: string): string {
  return host.replace(/%.*$/s, '');
}

/** `tcp4://*:79`; undefined after a report. */
function hostListen(
  host: Word,
  options: { readonly entry: ServiceEntry; readonly port: string; readonly report: Report },
): string | undefined {
  const { entry, port, report } = options;
  const { kind, family } = entry.transport;
  const length = parseAddress(zoneless(host.text))?.length;
  if (length === undefined) {
    // A name stands for what it is looked up as; there is no mapped socket with several addresses.
    const suffix = host.text !== '*' && family === 'mapped' ? '' : SCHEMES[family];
    return `${kind}${suffix}://${host.text}:${port}`;
  }
  if (fits(length, family)) return `${kind}://${length === 4 ? host.text : `[${host.text}]`}:${port}`;
  const reason = `the protocol is for ${family === 'ipv4' ? 'IPv4' : 'IPv6'} only`;
  const message = `Cannot listen on ${quote(host.text)}: ${reason}`;
  return void report.add({ code: 'inetd/address', at: host.place, message });
}

function internetListen(
  entry: ServiceEntry,
  options: Context & { readonly port: string; readonly hosts: readonly Word[] | undefined },
): readonly ScalarNode[] {
  const { port, defaultHosts, report } = options;
  const everywhere: Word = { text: '*', place: entry.head.place, isLiteral: false };
  const hosts = options.hosts ?? defaultHosts ?? [everywhere];
  const isOwn = options.hosts !== undefined;
  return hosts.flatMap((host) => {
    const text = hostListen(host, { entry, port, report });
    return text === undefined ? [] : [scalarNode(text, isOwn ? host.place : entry.head.place)];
  });
}

/** Everything that a service listens on, as a native document writes it; what cannot be is in the report. */
export function listenTexts(entry: ServiceEntry, context: Context): readonly ScalarNode[] {
  const { subject, head, socketType } = entry;
  switch (subject.kind) {
    case 'path':
      return [scalarNode(`${UNIX_SCHEMES[socketType]}://${subject.path.text}`, subject.path.place)];
    case 'mux':
      return [scalarNode(`tcpmux://${subject.isPlus ? '+' : ''}${subject.name.text}`, head.place)];
    case 'port':
      return internetListen(entry, { ...context, hosts: subject.hosts, port: subject.port.text });
    case 'rpc':
      return internetListen(entry, { ...context, hosts: subject.hosts, port: '0' });
  }
}
