import { didYouMean } from '../../config/nearest.ts';
import type { EntryContext } from './entry-context.ts';
import { refuseValue } from './refuse-value.ts';

/** The words of an attribute that takes several of a few, in lower case; case does not matter. */
export function parseChoices<T extends string>(
  name: string,
  known: readonly T[],
  { entry, report }: EntryContext,
): ReadonlySet<T> {
  const chosen = new Set<T>();
  const { values = [], dropped = [] } = entry.attributes.get(name) ?? {};
  const kept = new Set(values);
  for (const word of [...dropped, ...values]) {
    const text = word.text.toLowerCase();
    const found = known.find((each) => each === text);
    if (found !== undefined) {
      if (kept.has(word)) chosen.add(found);
      continue;
    }
    const list = known.map((each) => each.toUpperCase());
    const help = didYouMean(word.text, list) ?? `known are ${list.join(', ')}`;
    refuseValue({ name, word, reason: 'it is not known', help }, report);
  }
  return chosen;
}
