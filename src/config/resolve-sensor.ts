import type { SensorPolicy } from '../model/policy.ts';
import type { LayeredService } from './layer.ts';
import { placeOfSetting } from './place-of.ts';
import type { Report } from './report.ts';
import { durationMs } from './resolve-limits.ts';

/** How long a sensor bans; undefined for a service that is none. */
export function resolveSensor(service: LayeredService): SensorPolicy | undefined {
  const { sensor, deny_time: denyTime } = service.settings;
  if (sensor?.value !== true || !denyTime) return undefined;
  if (denyTime.value === 'forever') return { denyMs: Number.POSITIVE_INFINITY };
  return { denyMs: denyTime.value === 'never' ? 0 : durationMs(denyTime.value) };
}

/** A sensor has no handler: what says otherwise is a mistake. */
export function checkSensor(service: LayeredService, report: Report): void {
  for (const name of ['server', 'server_args', 'argv0'] as const) {
    const setting = service.settings[name];
    if (!setting?.node) continue;
    const message = `Cannot use "${name}" in service "${service.name}": a sensor starts nothing`;
    report.add({ code: 'config/conflict', at: placeOfSetting(service, setting), message });
  }
}
