import { quote } from '../../config/quote.ts';
import type { Report } from '../../config/report.ts';
import { baseName } from '../base-name.ts';
import { UniqueNames } from '../unique-names.ts';
import type { XinetdEntry } from './entry.ts';

/** Of the 64 that a name may have, so that a number fits in. */
const MOST_CHARACTERS = 56;

function warnOfName({ id }: XinetdEntry, name: string, report: Report): void {
  const message = `Called the service with the id ${quote(id.text)} "${name}", also in records`;
  const help = 'give it an id of its own, of letters, digits and "_.+-"';
  report.add({ code: 'xinetd/name', at: id.place, message, help });
}

/** A name for each: its id, with a number where another has it already. Those that run come first. */
export function nameEntries(
  entries: readonly XinetdEntry[],
  report: Report,
): ReadonlyMap<string, XinetdEntry> {
  const names = new UniqueNames();
  const named = new Map<string, XinetdEntry>();
  for (const entry of entries.toSorted((left, right) => Number(right.isEnabled) - Number(left.isEnabled))) {
    const name = names.give(baseName(entry.id.text, MOST_CHARACTERS));
    named.set(name, entry);
    if (entry.isEnabled && name !== entry.id.text) warnOfName(entry, name, report);
  }
  return named;
}
