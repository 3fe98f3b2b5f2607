import { quote } from '../../config/quote.ts';
import type { Report } from '../../config/report.ts';
import type { Redirect } from './shell-word.ts';
import type { Surroundings } from './surroundings.ts';

const STANDARD_ERROR = 2;
const NOWHERE = '/dev/null';

/**
 * Where standard error goes; the other two belong to the client. A file for it has no counterpart, since what a handler
 * says there goes to the log, line by line.
 */
export function readRedirects(
  redirects: readonly Redirect[],
  { set, report }: { readonly set: Surroundings; readonly report: Report },
): void {
  for (const { fd, operator, target } of redirects) {
    if (fd !== STANDARD_ERROR) continue;
    if (target.text === NOWHERE) set.stderr = { kind: 'none', at: target };
    else if (operator !== '>&') {
      set.stderr = { kind: 'log', at: target };
      const message = `Sent what handlers say on standard error to the log, not to ${quote(target.text)}`;
      const help = 'see "log_type" for where the log goes';
      report.add({ code: 'tcprules/no-counterpart', at: target.place, message, help });
    } else set.stderr = { kind: 'log', at: target };
  }
}
