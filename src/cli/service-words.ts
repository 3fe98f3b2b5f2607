import type { ListenerStatus, ServiceStatus } from '../control/messages.ts';
import { formatDurationMs } from '../model/quantity.ts';
import { formatCount } from './format-count.ts';

/** `12/50`, or `12` where there is no limit; those that are being started count. */
export function handlersOf({ running, starting, instances }: ServiceStatus): string {
  const all = formatCount(running + starting);
  return instances === null ? all : `${all}/${formatCount(instances)}`;
}

/** Why it is in its state, and for how long; empty where the state says it all. */
export function whyOf({ why, forMs }: ServiceStatus): string {
  const until = forMs === undefined ? undefined : `for ${formatDurationMs(forMs)}`;
  return [why, until].filter((part) => part !== undefined && part !== '').join(', ');
}

/** `tcp://0.0.0.0:21 is failed: EADDRINUSE`; undefined of one that is as it should be. */
export function listenerTrouble({ at, state, pauses, code }: ListenerStatus): string | undefined {
  if (state === 'open') return undefined;
  const reasons = [...(code === undefined ? [] : [code]), ...pauses].join(', ');
  return `${at} is ${state}${reasons === '' ? '' : `: ${reasons}`}`;
}
