import type { ListenAddress, ListenPlace } from '../model/listen-address.ts';
import { describeListen } from '../model/listen-address.ts';
import type { LogDestination } from '../model/log-policy.ts';
import { type ListenText, parseListen } from './listen.ts';
import type { LogSyslogDocument } from './log-document.ts';
import type { TargetContext } from './log-target.ts';
import { didYouMean } from './nearest.ts';
import { quote } from './quote.ts';
import { resolveAddresses } from './resolve-addresses.ts';
import { FACILITIES, SEVERITIES } from './syslog-names.ts';

type SyslogDestination = Extract<LogDestination, { readonly kind: 'syslog' }>;

const STANDARD_TO = 'unix-dgram:///dev/log';
const STANDARD_TAG = 'zinetd';

const TRANSPORTS: Readonly<Record<string, SyslogDestination['transport']>> = {
  'unix-dgram': 'datagram',
  udp: 'datagram',
  unix: 'stream',
  tcp: 'stream',
};

type ServerText = Extract<ListenText, { readonly kind: 'inet' | 'unix' }>;

/** The number of a name of syslog(3); undefined after a report. */
function numberOf(
  name: string,
  {
    key,
    known,
    context,
  }: { readonly key: string; known: ReadonlyMap<string, number>; context: TargetContext },
): number | undefined {
  const number = known.get(name);
  if (number !== undefined) return number;
  const what = key === 'syslog' ? 'facility' : 'level';
  context.report.add({
    code: 'config/unknown-syslog-name',
    at: context.placeOf(key),
    message: `Cannot use ${quote(name)} as the ${what} of records: syslog(3) has no such ${what} for programs`,
    help: didYouMean(name, known.keys()) ?? `known are ${[...known.keys()].join(', ')}`,
  });
  return undefined;
}

/** Why the text names no server, or what it names. */
function parseServer(to: string): ServerText | string {
  const text = parseListen(to);
  if ('reason' in text) return text.reason;
  const isServer = text.kind === 'inet' || (text.kind === 'unix' && text.scheme !== 'unix-seqpacket');
  if (!isServer) return 'must be unix-dgram, unix, udp or tcp';
  if (text.kind === 'unix') return text;
  if (text.host === '*' || text.families === 'both') return 'must name one host';
  return text.port === 0 ? 'the port must be 1 to 65535 or a name of services(5)' : text;
}

/** The first address that a name has, as for everything that is looked up at the start; undefined after a report. */
function findServer(to: string, context: TargetContext): ListenPlace | undefined {
  const { report, placeOf } = context;
  const text = parseServer(to);
  const at = placeOf('to');
  if (typeof text === 'string') {
    report.add({ code: 'config/invalid-value', at, message: `Cannot log to ${quote(to)}: ${text}` });
    return undefined;
  }
  const address: ListenAddress | undefined =
    text.kind === 'unix'
      ? { family: 'path', path: text.path }
      : resolveAddresses(text, { ...context, at, purpose: 'log to' })[0];
  return address && { scheme: text.scheme, address };
}

/** A server of syslog as a destination; undefined after a report. */
export function resolveSyslog(
  written: LogSyslogDocument,
  context: TargetContext,
): SyslogDestination | undefined {
  const { to = STANDARD_TO, tag = STANDARD_TAG, level } = written;
  const facility = numberOf(written.syslog, { key: 'syslog', known: FACILITIES, context });
  const severity =
    level === undefined ? undefined : numberOf(level, { key: 'level', known: SEVERITIES, context });
  const place = findServer(to, context);
  if (facility === undefined || !place) return undefined;
  const isLocal = place.address.family === 'path';
  return {
    ...{ kind: 'syslog', outlet: context.outlets.add({ kind: 'socket', ...place }) },
    transport: TRANSPORTS[place.scheme] ?? 'datagram',
    ...{ to, server: describeListen(place), isLocal },
    form: written.format ?? (isLocal ? 'rfc3164' : 'rfc5424'),
    ...{ facility, severity, tag, format: context.format },
  };
}
