import type { Budget } from '../../config/budget.ts';
import type { Report } from '../../config/report.ts';
import type { Disk } from './disk.ts';

export interface ConvertOptions {
  readonly report: Report;
  readonly budget: Budget;
  readonly disk: Disk;
}
