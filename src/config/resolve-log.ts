import { FAILURE_FIELDS, type LogPolicy, SUCCESS_FIELDS } from '../model/log-policy.ts';
import type { Host } from './host.ts';
import type { LayeredService } from './layer.ts';
import type { LogRows } from './log-rows.ts';
import type { OutletRows } from './outlet-rows.ts';
import type { Report } from './report.ts';

interface Context {
  readonly host: Host;
  readonly report: Report;
  readonly outlets: OutletRows;
  readonly logs: LogRows;
}

/** What is recorded of a service, and where. */
export function resolveLog(_service: LayeredService, _context: Context): LogPolicy {
  const { log_on_success: success, log_on_failure: failure } = _service.settings;
  return {
    destination: 0,
    success: success?.value ?? SUCCESS_FIELDS.filter((field) => field !== 'userid'),
    failure: failure?.value ?? FAILURE_FIELDS.filter((field) => field !== 'userid'),
    address: { kind: 'keep' },
  };
}
