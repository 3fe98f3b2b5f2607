import { quote } from '../../config/quote.ts';
import type { Report } from '../../config/report.ts';
import type { Place } from '../../config/source.ts';
import type { PlistDict, PlistString } from './plist-node.ts';

/** A job on its way into our words. */
export interface JobContext {
  readonly job: PlistDict;
  /** Its name. */
  readonly label: PlistString;
  /** What its file is called. */
  readonly file: string;
  readonly report: Report;
}

export function refuseValue(
  { report }: Pick<JobContext, 'report'>,
  {
    key,
    at,
    written,
    reason,
    help,
  }: {
    readonly key: string;
    readonly at: PlistString['place'];
    readonly written: string;
    readonly reason: string;
    readonly help?: string;
  },
): undefined {
  const message = `Cannot use ${quote(written)} for "${key}": ${reason}`;
  report.add({ code: 'launchd/value', at, message, help });
}

export function missing(
  { report, label }: JobContext,
  key: string,
  help: string,
  at: Place = label.place,
): undefined {
  const message = `Cannot run job ${quote(label.value)}: "${key}" is missing`;
  report.add({ code: 'launchd/missing', at, message, help });
}
