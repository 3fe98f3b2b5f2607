import { firstWord } from './first-word.ts';
import { parseWhole } from './parse-whole.ts';
import type { ShapedEntry } from './shaped-entry.ts';

const FOREVER = -1;

/** Minutes in our words; undefined after a report. Not set at all it is NEVER. */
export function denyTime({ entry, report }: ShapedEntry): string | undefined {
  const word = firstWord(entry, 'deny_time');
  if (!word || /^never$/i.test(word.text)) return 'never';
  if (/^forever$/i.test(word.text)) return 'forever';
  const minutes = parseWhole({ name: 'deny_time', word, least: FOREVER }, report);
  if (minutes === undefined) return undefined;
  if (minutes === 0) return 'never';
  return minutes === FOREVER ? 'forever' : `${minutes}m`;
}
