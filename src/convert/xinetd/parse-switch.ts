import type { EntryContext } from './entry-context.ts';
import { firstWord } from './first-word.ts';
import { refuseValue } from './refuse-value.ts';

/** `yes` or `no`; undefined where it is not set, and after a report. */
export function parseSwitch(name: string, { entry, report }: EntryContext): boolean | undefined {
  const word = firstWord(entry, name);
  const text = word?.text.toLowerCase();
  if (!word || text === 'yes' || text === 'no') return word && text === 'yes';
  return refuseValue({ name, word, reason: 'must be "yes" or "no"' }, report);
}
