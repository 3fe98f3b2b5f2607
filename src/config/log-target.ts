import type { RecordFormat } from '../model/log-policy.ts';
import type { Outlet } from '../model/outlet.ts';
import type { DistinctRows } from './distinct-rows.ts';
import type { Host } from './host.ts';
import type { LogRows } from './log-rows.ts';
import type { Report } from './report.ts';
import type { Place } from './source.ts';

/** What services share that log. */
export interface LogContext {
  readonly host: Host;
  readonly report: Report;
  readonly outlets: DistinctRows<Outlet>;
  readonly logs: LogRows;
}

/** What a target of records is resolved with. */
export interface TargetContext extends LogContext {
  readonly format: RecordFormat;
  /** Where the whole of `log_type` was written, or one key of it. */
  readonly placeOf: (key?: string) => Place;
}
