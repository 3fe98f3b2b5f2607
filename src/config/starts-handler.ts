import type { LayeredService } from './layer.ts';

/** Whether a program of the service runs, and not zinetd alone: a sensor, what is built in and a relay start none. */
export function startsHandler({ settings }: LayeredService): boolean {
  const isRelayOnly = settings.redirect !== undefined && settings.idle_stop === undefined;
  return settings.sensor?.value !== true && settings.builtin === undefined && !isRelayOnly;
}
