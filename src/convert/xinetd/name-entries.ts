import { isForbiddenKey } from '../../config/key-rules.ts';
import { quote } from '../../config/quote.ts';
import type { Report } from '../../config/report.ts';
import type { XinetdEntry } from './entry.ts';

/** Of the 64 that a name may have, so that a number fits in. */
const MOST_CHARACTERS = 56;

/** What a document allows in the name of a service. */
function baseName({ id }: XinetdEntry): string {
  const text = id.text
    .slice(0, MOST_CHARACTERS)
    .replace(/[^A-Za-z0-9_.+-]/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '');
  return text === '' ? 'service' : text;
}

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
  const named = new Map<string, XinetdEntry>();
  const numbers = new Map<string, number>();
  const isFree = (name: string): boolean => !named.has(name) && !isForbiddenKey(name);
  for (const entry of entries.toSorted((left, right) => Number(right.isEnabled) - Number(left.isEnabled))) {
    const base = baseName(entry);
    let name = base;
    while (!isFree(name)) {
      const number = (numbers.get(base) ?? 1) + 1;
      numbers.set(base, number);
      name = `${base}-${number}`;
    }
    named.set(name, entry);
    if (entry.isEnabled && name !== entry.id.text) warnOfName(entry, name, report);
  }
  return named;
}
