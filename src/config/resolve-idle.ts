import type { Listener } from '../model/service.ts';
import { keepaliveTotalMs, keepaliveWithin, resolveKeepalive } from './keepalive.ts';
import { isKeepaliveSettled, isSeen, unseenIdleMs } from './keepalive-of.ts';
import type { LayeredService } from './layer.ts';
import { placeOfSetting } from './place-of.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import { durationMs } from './resolve-limits.ts';
import type { PlacedListener } from './resolve-listeners.ts';

interface Context {
  readonly report: Report;
  readonly placed: readonly PlacedListener[];
}

/** Whether anybody can tell that a connection of such a service is idle. */
function isOfUse(service: LayeredService, listeners: readonly Listener[]): boolean {
  const { settings } = service;
  if (settings.sensor?.value || settings.builtin?.value === 'tcpmux') return false;
  // Without a listener of its own they come by tcpmux or SNI, over connections that its listener has made.
  if (isSeen(service)) return listeners.length === 0 || listeners.some(({ scheme }) => scheme !== 'udp');
  return listeners.some(({ scheme }) => scheme === 'tcp');
}

/** Why the kernel cannot find out in this time that a client is gone; undefined: it can. */
function faultOf(service: LayeredService, idleMs: number): string | undefined {
  if (!keepaliveWithin(idleMs))
    return 'its connections are handed over, and the kernel takes "2s" at the least to find out that a client is gone';
  if (!isKeepaliveSettled(service)) return undefined;
  const keepalive = resolveKeepalive(service.settings.keepalive?.value ?? false);
  if (!keepalive) return 'its connections are handed over, and "keepalive" is off';
  return keepaliveTotalMs(keepalive) > idleMs
    ? `its connections are handed over, and "keepalive" takes "${keepaliveTotalMs(keepalive) / 1000}s" to find out that a client is gone`
    : undefined;
}

/** After which silence a connection ends; undefined: never. */
export function resolveIdle(service: LayeredService, { report, placed }: Context): number | undefined {
  const { name, settings, own } = service;
  const idle = settings.idle_timeout;
  if (!idle) return undefined;
  const at = placeOfSetting(service, idle);
  if (
    !isOfUse(
      service,
      placed.map(({ listener }) => listener),
    )
  ) {
    const message = `Found no use for "idle_timeout" in service ${quote(name)}: nobody can tell whether its clients are idle`;
    if (own.has('idle_timeout')) report.add({ code: 'config/no-effect', at, message });
    return undefined;
  }
  const unseenMs = unseenIdleMs(service);
  const fault = unseenMs === undefined ? undefined : faultOf(service, unseenMs);
  if (fault !== undefined) {
    const message = `Cannot use "idle_timeout" in service ${quote(name)}: ${fault}`;
    report.add({ code: 'config/conflict', at, message });
  }
  return durationMs(idle.value);
}
