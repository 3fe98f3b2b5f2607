import type { Host } from '../../config/host.ts';
import type { Report } from '../../config/report.ts';
import type { Place } from '../../config/source.ts';
import type { XinetdEntry } from './entry.ts';

/** What putting an entry in our words needs. */
export interface EntryContext {
  readonly entry: XinetdEntry;
  readonly report: Report;
  /** Where what no service says could be said for all of them; otherwise it is at the service. */
  readonly unsetAt?: Place | undefined;
  /**
   * What a document has no words for: xinetd refuses a listed service whose port is not that of services(5), and raises
   * the limit of descriptors to its own hard one. Undefined where nobody is to be asked.
   */
  readonly host?: Pick<Host, 'findPort' | 'mostFiles'> | undefined;
}
