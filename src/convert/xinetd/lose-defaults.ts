import type { Problem, Report } from '../../config/report.ts';

/** Reports that a fault in `defaults`, told before, ends everything: services would run without what stands there. */
export function loseDefaults(at: Problem['at'], report: Report): void {
  const message = 'Cannot run any service: they would lack what is wrong here';
  report.add({ code: 'xinetd/defaults', at, message });
}
