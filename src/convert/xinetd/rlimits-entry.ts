import type { Report } from '../../config/report.ts';
import type { MapEntry } from '../../config/syntax-node.ts';
import { entryOf, mapNode, scalarNode } from '../tree.ts';
import type { Word } from './entry.ts';
import { firstWord } from './first-word.ts';
import { parseSize } from './parse-size.ts';
import { refuseValue } from './refuse-value.ts';
import type { ShapedEntry } from './shaped-entry.ts';

/** xinetd's attributes, and what each limits. */
const ROWS = [
  ['rlimit_as', 'as'],
  ['rlimit_cpu', 'cpu'],
  ['rlimit_data', 'data'],
  ['rlimit_files', 'nofile'],
  ['rlimit_rss', 'rss'],
  ['rlimit_stack', 'stack'],
] as const;

function limitOf(name: string, word: Word, report: Report): number | 'unlimited' | undefined {
  if (/^unlimited$/i.test(word.text)) return 'unlimited';
  const isTime = name === 'rlimit_cpu';
  const value = parseSize(word.text);
  if (value !== undefined && !(isTime && /[km]$/i.test(word.text))) return value;
  const reason = isTime
    ? 'must be a number of seconds, or UNLIMITED'
    : 'must be a number, with "K" or "M" behind it or not, or UNLIMITED';
  return refuseValue({ name, word, reason }, report);
}

/** xinetd raises the limit of descriptors to its own hard one; an endless one is none that the system takes. */
function filesEntry({ entry, host }: ShapedEntry, limits: readonly MapEntry[]): readonly MapEntry[] {
  if (!host || !Number.isFinite(host.mostFiles) || limits.some(({ key }) => key === 'nofile')) return [];
  return [entryOf('nofile', scalarNode(host.mostFiles, entry.name.place))];
}

/** The limits of the program, soft and hard. */
export function rlimitsEntry(shaped: ShapedEntry): MapEntry | undefined {
  const { entry, report } = shaped;
  const limits = ROWS.flatMap(([name, key]): readonly MapEntry[] => {
    const word = firstWord(entry, name);
    const value = word && limitOf(name, word, report);
    if (!word || value === undefined) return [];
    if (value !== 0) return [entryOf(key, scalarNode(value, word.place))];
    const message = `Ignored "${name} = 0", as xinetd does: 0 is no limit to it`;
    report.add({ code: 'xinetd/ignored', at: word.place, message });
    return [];
  });
  const all = [...limits, ...filesEntry(shaped, limits)];
  const [first] = all;
  return first && entryOf('rlimits', mapNode(all, first.value.place));
}
