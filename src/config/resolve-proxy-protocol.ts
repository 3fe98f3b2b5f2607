import { isDatagram } from '../model/listen-address.ts';
import type { TrustedProxies } from '../model/service.ts';
import { entryNode } from './entry-node.ts';
import type { Host } from './host.ts';
import type { LayeredService } from './layer.ts';
import type { ListReader } from './list-reader.ts';
import type { Report } from './report.ts';
import { resolveAccessList } from './resolve-access.ts';
import { durationMs } from './resolve-limits.ts';
import type { PlacedListener } from './resolve-listeners.ts';

/** A SYN that was lost comes again after a second; a header is sent with the connection. */
const TIMEOUT = '3s';

interface Context {
  readonly host: Host;
  readonly report: Report;
  readonly lists: ListReader;
  readonly placed: readonly PlacedListener[];
}

/** The proxies of a service; undefined where it has none, and where nothing comes that a header could be ahead of. */
export function resolveProxyProtocol(service: LayeredService, context: Context): TrustedProxies | undefined {
  const { proxy_protocol: setting } = service.settings;
  const isStream = context.placed.some(({ listener }) => !isDatagram(listener.scheme));
  if (!setting || setting.value === false || !isStream) return undefined;
  const { node, value: written } = setting;
  const list = {
    value: written.from,
    node: entryNode(node, 'from'),
  };
  const where = `"proxy_protocol.from" in service "${service.name}"`;
  const from = resolveAccessList(list, { ...context, where, fallback: service.place });
  return from && { from, timeoutMs: durationMs(written.timeout ?? TIMEOUT) };
}
