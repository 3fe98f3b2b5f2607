import type { LifePolicy } from '../model/life-policy.ts';
import { parseDurationMs } from '../model/quantity.ts';
import type { LayeredService } from './layer.ts';
import { placeOfSetting } from './place-of.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';

/** What `wait` gives away is the socket: how old the connections are that its handler has, nobody knows but itself. */
export function resolveLife(service: LayeredService, { report }: { readonly report: Report }): LifePolicy {
  const { on_reload: onReload, on_stop: onStop, max_connection_age: age, wait } = service.settings;
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
    maxAgeMs: age && !isWaiting ? parseDurationMs(age.value) : undefined,
  };
}
