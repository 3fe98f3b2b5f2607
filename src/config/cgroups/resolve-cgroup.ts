import type { ServiceCgroup } from '../../model/cgroup.ts';
import type { Host } from '../host.ts';
import type { LayeredService } from '../layer.ts';
import { startsHandler } from '../starts-handler.ts';
import { cgroupWishes } from './cgroup-wishes.ts';
import { directoryOf } from './directory-of.ts';

/** The cgroup of a service that wants what takes one; undefined for none. What cannot be had is not wanted any more. */
export function resolveCgroup(
  service: LayeredService,
  { host }: { readonly host: Host },
): ServiceCgroup | undefined {
  const place = host.cgroups?.place;
  const wishes = cgroupWishes(service.settings);
  if (!place || wishes.length === 0 || !startsHandler(service)) return undefined;
  const limits = wishes.flatMap(({ limit }) => (limit ? [[limit.controller, limit.text] as const] : []));
  return {
    path: directoryOf(service.name, place),
    limits: Object.fromEntries(limits),
    isEnding: wishes.some(({ limit }) => limit === undefined),
  };
}
