import type { DecidePolicy, HostsPolicy, ServiceRules } from '../model/policy.ts';
import type { Access } from '../model/service.ts';
import type { Host } from './host.ts';
import type { LayeredService } from './layer.ts';
import type { ListReader } from './list-reader.ts';
import type { Report } from './report.ts';
import { resolveAccessList } from './resolve-access.ts';
import {
  resolveCps,
  resolveInstances,
  resolvePenalties,
  resolvePerSource,
  resolveRatePerSource,
} from './resolve-limits.ts';
import { resolvePolicies } from './resolve-policies.ts';
import { resolveSensor } from './resolve-sensor.ts';
import { resolveTimes } from './resolve-times.ts';

interface Context {
  readonly host: Host;
  readonly report: Report;
  readonly lists: ListReader;
}

/** Both access lists; undefined when neither is written. */
export function resolveAccess(service: LayeredService, context: Context): Access | undefined {
  const { only_from: onlyFrom, no_access: noAccess, match } = service.settings;
  if (!onlyFrom && !noAccess) return undefined;
  const where = (name: string): string => `"${name}" in service "${service.name}"`;
  const fallback = service.place;
  return {
    onlyFrom: resolveAccessList(onlyFrom, { ...context, where: where('only_from'), fallback }),
    noAccess: resolveAccessList(noAccess, { ...context, where: where('no_access'), fallback }),
    match: match?.value ?? 'specific',
  };
}

/** Everything besides the access lists; undefined after a report. */
export function resolveRules(
  service: LayeredService,
  options: Context & {
    readonly hosts: HostsPolicy | undefined;
    readonly decide: DecidePolicy | undefined;
  },
): ServiceRules | undefined {
  const { report, hosts, decide } = options;
  const instances = resolveInstances(service, report);
  const cps = resolveCps(service);
  return {
    hosts,
    instances,
    cps,
    sensor: resolveSensor(service),
    times: resolveTimes(service, options),
    maxLoad: service.settings.max_load?.value,
    ratePerSource: resolveRatePerSource(service, { report, cps }),
    perSource: resolvePerSource(service, { report, instances }),
    decide,
    isIdOnly: service.settings.id_only?.value === true,
    penalties: resolvePenalties(service),
    policies: resolvePolicies(service, report),
  };
}
