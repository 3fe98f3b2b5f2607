import { quote } from '../../config/quote.ts';
import type { Report } from '../../config/report.ts';
import type { ServiceEntry } from './service-entry.ts';
import { subjectName } from './subject-name.ts';

function keyOf(entry: ServiceEntry, defaultHosts: string): string {
  const { subject, transport } = entry;
  const hosts =
    'hosts' in subject && subject.hosts ? subject.hosts.map(({ text }) => text).join() : defaultHosts;
  const name = subject.kind === 'path' ? subject.path.text : subjectName(subject);
  return JSON.stringify([subject.kind, name, hosts, transport.kind, transport.family, transport.isRpc]);
}

/** Finds entries for what an earlier one is for: inetd takes the last, and says nothing. */
export class DuplicateEntries {
  readonly #first = new Map<string, ServiceEntry>();

  /** Whether there was one before; it is in the report. Entries that are off count among themselves only. */
  check(entry: ServiceEntry, options: { readonly defaultHosts: string; readonly report: Report }): boolean {
    if (!entry.isEnabled) return false;
    const key = keyOf(entry, options.defaultHosts);
    const first = this.#first.get(key);
    if (!first) {
      this.#first.set(key, entry);
      return false;
    }
    options.report.add({
      code: 'inetd/duplicate',
      at: entry.head.place,
      message: `Cannot define ${quote(subjectName(entry.subject))} twice: inetd would take the last one without a word`,
      related: [{ at: first.head.place, message: 'first defined here' }],
      help: 'remove the one that is not meant',
    });
    return true;
  }
}
