import type { Redirect } from '../model/redirect.ts';
import type { Host } from './host.ts';
import type { LayeredService } from './layer.ts';
import type { OutletRows } from './outlet-rows.ts';
import type { Report } from './report.ts';

interface Context {
  readonly host: Host;
  readonly report: Report;
  readonly outlets: OutletRows;
}

/** Where connections of a service are relayed to; undefined for every other service, and after a report. */
export function resolveRedirect(_service: LayeredService, _context: Context): Redirect | undefined {
  return undefined;
}
