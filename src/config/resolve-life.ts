import { type LifePolicy, LONG_LIFE } from '../model/life-policy.ts';
import { parseDurationMs } from '../model/quantity.ts';
import type { LayeredService } from './layer.ts';
import { placeOfSetting } from './place-of.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import { resolveIdle } from './resolve-idle.ts';
import { durationMs } from './resolve-limits.ts';
import type { PlacedListener } from './resolve-listeners.ts';

interface Context {
  readonly report: Report;
  readonly placed: readonly PlacedListener[];
}

/** What `wait` gives away is the socket: how old the connections are that its handler has, nobody knows but itself. */
export function resolveLife(service: LayeredService, context: Context): LifePolicy {
  const { report } = context;
  const { on_reload: onReload, on_stop: onStop, max_connection_age: age, grace, wait } = service.settings;
  const isWaiting = wait?.value === true;
  if (isWaiting && age && service.own.has('max_connection_age')) {
    report.add({
      code: 'config/conflict',
      at: placeOfSetting(service, age),
      message: `Cannot use "max_connection_age" in service ${quote(service.name)}: with "wait" its handler accepts, and has the connections`,
    });
  }
  return {
    onReload: onReload?.value ?? 'keep',
    onStop: onStop?.value ?? 'wait',
    idleMs: resolveIdle(service, context),
    graceMs: grace ? durationMs(grace.value) : LONG_LIFE.graceMs,
    maxAgeMs: age && !isWaiting ? parseDurationMs(age.value) : undefined,
  };
}
