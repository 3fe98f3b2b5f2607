import type { Report } from '../../config/report.ts';
import type { Dialect } from './dialect.ts';

/** What reading a field takes besides the field. */
export interface ParseContext {
  readonly dialect: Dialect;
  readonly report: Report;
}
