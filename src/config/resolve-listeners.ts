import { formatEndpoint } from '../model/address.ts';
import type { Listener } from '../model/service.ts';
import { askHost } from './ask-host.ts';
import type { Host } from './host.ts';
import { resolveKeepalive } from './keepalive.ts';
import type { LayeredService } from './layer.ts';
import { parseListen } from './listen.ts';
import { placeOfItem } from './place-of.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import type { Place } from './source.ts';

/** A listener and where it was written. */
export interface PlacedListener {
  readonly listener: Listener;
  readonly place: Place;
}

interface Context {
  readonly host: Host;
  readonly report: Report;
}

/** A port by its name in services(5); undefined after a report. */
function findPort(name: string, context: Context & { readonly at: Place }): number | undefined {
  const { at } = context;
  const found = askHost(() => context.host.findTcpPort(name), context);
  if (found.failed) return undefined;
  if (found.value === undefined) {
    const message = `Cannot find port ${quote(name)}: services(5) has no such name for tcp`;
    context.report.add({ code: 'config/unknown-port', at, message, help: 'write its number' });
  }
  return found.value;
}

/** All listeners of a service, in its order, as far as they can be resolved. */
export function resolveListeners(service: LayeredService, context: Context): readonly PlacedListener[] {
  const { listen, backlog, v6only, keepalive } = service.settings;
  const texts = listen === undefined ? [] : [listen.value].flat();
  const placed: PlacedListener[] = [];
  for (const [index, text] of texts.entries()) {
    const place = placeOfItem(service, { setting: listen, index });
    const parsed = parseListen(text);
    if ('reason' in parsed) continue;
    const port =
      typeof parsed.port === 'number' ? parsed.port : findPort(parsed.port, { ...context, at: place });
    if (port === undefined) continue;
    const family = parsed.bytes.length === 4 ? 4 : 6;
    const endpoint = { family, bytes: parsed.bytes, port, scopeId: 0 } as const;
    // A faulty setting does not hide a duplicate; nothing is built from what it stands in for.
    const options = {
      backlog: backlog?.value ?? 0,
      v6only: v6only?.value ?? true,
      keepalive: resolveKeepalive(keepalive?.value ?? false),
    };
    placed.push({ listener: { endpoint, ...options }, place });
  }
  return placed;
}

/** Two sockets cannot have one address; of port 0 the kernel makes different ones. */
export function checkDuplicateListeners(listeners: Iterable<PlacedListener>, report: Report): void {
  const seen = new Map<string, PlacedListener>();
  for (const placed of listeners) {
    const { endpoint } = placed.listener;
    if (endpoint.port === 0) continue;
    const text = formatEndpoint(endpoint);
    const first = seen.get(text);
    if (!first) {
      seen.set(text, placed);
      continue;
    }
    report.add({
      code: 'config/duplicate-listener',
      at: placed.place,
      message: `Cannot listen on ${text} twice`,
      related: [{ at: first.place, message: 'first used here' }],
    });
  }
}
