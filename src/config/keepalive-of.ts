import { parseDurationMs } from '../model/quantity.ts';
import type { Keepalive } from '../model/service.ts';
import { keepaliveTotalMs, keepaliveWithin, resolveKeepalive } from './keepalive.ts';
import type { LayeredService } from './layer.ts';

/** Its bytes go through zinetd, which sees when there are none. */
export function isSeen({ settings }: LayeredService): boolean {
  const { redirect, builtin, tls, sensor } = settings;
  return [redirect, builtin, tls].some((each) => each !== undefined) || sensor?.value === true;
}

/** `idle_timeout` where nobody but the kernel can keep it; undefined: nothing is asked of it. */
export function unseenIdleMs(service: LayeredService): number | undefined {
  const idle = service.settings.idle_timeout;
  return idle && !isSeen(service) ? parseDurationMs(idle.value) : undefined;
}

/** Whether both are written, and `keepalive` no less particularly, so that it is not ours to change. */
export function isKeepaliveSettled({ settings, own }: LayeredService): boolean {
  const isMoreParticular = own.has('idle_timeout') && !own.has('keepalive');
  return settings.keepalive?.node !== undefined && !isMoreParticular;
}

/** When a client that is gone is found out: as `keepalive` says, and no later than `idle_timeout`. */
export function keepaliveOf(service: LayeredService): Keepalive | undefined {
  const written = resolveKeepalive(service.settings.keepalive?.value ?? false);
  const idleMs = unseenIdleMs(service);
  if (idleMs === undefined || isKeepaliveSettled(service)) return written;
  if (written && keepaliveTotalMs(written) <= idleMs) return written;
  return keepaliveWithin(idleMs);
}
