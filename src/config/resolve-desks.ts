import type { Service } from '../model/service.ts';
import type { Host } from './host.ts';
import type { Report } from './report.ts';
import { resolveControl } from './resolve-control.ts';
import { resolveMetrics } from './resolve-metrics.ts';
import type { ServiceClaims } from './service-claims.ts';
import type { DaemonSettings } from './settings.ts';

/** The sockets of zinetd's own that a configuration asks for, with its defaults. */
export function resolveDesks(
  daemon: DaemonSettings,
  context: { readonly host: Host; readonly report: Report; readonly claims: ServiceClaims },
): readonly Service[] {
  return [...resolveControl(daemon, context), ...resolveMetrics(daemon, context)];
}
