import { isLoopback } from '../model/is-loopback.ts';
import { describeListen, type ListenAddress } from '../model/listen-address.ts';
import type { Listener, Service } from '../model/service.ts';
import { type SocketOption, socketOption } from '../model/socket-option.ts';
import { deskService } from './desk-service.ts';
import { entryNode } from './entry-node.ts';
import type { Host } from './host.ts';
import { type ListenText, parseListen } from './listen.ts';
import type { Report } from './report.ts';
import { resolveAddresses } from './resolve-addresses.ts';
import type { PlacedListener } from './resolve-listeners.ts';
import type { ServiceClaims } from './service-claims.ts';
import type { DaemonSettings } from './settings.ts';
import type { Place } from './source.ts';

interface Context {
  readonly host: Host;
  readonly report: Report;
  readonly claims: ServiceClaims;
}

const BACKLOG = 64;
/** As on loopback, whoever is on this machine can read it. */
const OPEN_TO_ALL = 0o666;

function addressesOf(text: ListenText, context: Context & { readonly at: Place }): readonly ListenAddress[] {
  if (text.kind === 'inet') return resolveAddresses(text, context);
  return text.kind === 'unix' ? [{ family: 'path', path: text.path }] : [];
}

function optionsOf({ family }: ListenAddress): readonly SocketOption[] {
  if (family !== 4 && family !== 6) return [];
  return [socketOption('reuseAddress', true), ...(family === 6 ? [socketOption('v6only', true)] : [])];
}

function makeListener(address: ListenAddress): Listener {
  const isFile = address.family === 'path' && !address.path.startsWith('@');
  return {
    scheme: address.family === 'path' ? 'unix' : 'tcp',
    ...{ address, backlog: BACKLOG, options: optionsOf(address), isMptcp: false },
    owner: isFile ? { mode: OPEN_TO_ALL, uid: undefined, gid: undefined } : undefined,
  };
}

function isLocal({ address }: Listener): boolean {
  return address.family === 'path' || isLoopback(address.bytes);
}

function warnOfExposed({ listener, place }: PlacedListener, report: Report): void {
  if (isLocal(listener)) return;
  report.add({
    code: 'config/metrics-exposed',
    at: place,
    message: `Metrics on ${describeListen(listener)} can be read by everybody who reaches that address`,
    help: 'listen on a loopback address or a unix socket, or let a firewall decide who gets there',
  });
}

/** Where the metrics are read, if anywhere. */
export function resolveMetrics(daemon: DaemonSettings, context: Context): readonly Service[] {
  const { metrics } = daemon;
  if (!metrics?.node) return [];
  const { node, value } = metrics;
  const place = entryNode(node, 'listen')?.place ?? node.place;
  const text = parseListen(value.listen);
  if ('reason' in text) return [];
  const listeners = addressesOf(text, { ...context, at: place }).map(makeListener);
  const placed = listeners.map((listener) => ({ listener, place }));
  context.claims.claimDesk(placed, context.report);
  for (const each of placed) warnOfExposed(each, context.report);
  return listeners.length === 0 ? [] : [deskService('metrics', listeners)];
}
