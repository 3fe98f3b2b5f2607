import type { Place } from '../../config/source.ts';
import type { MapEntry } from '../../config/syntax-node.ts';
import { entryOf, mapNode, scalarNode } from '../tree.ts';
import type { Word } from './entry.ts';
import { parseWhole } from './parse-whole.ts';
import type { ShapedEntry } from './shaped-entry.ts';

/** What xinetd takes for a loop where nothing is written. */
const STANDARD_RATE = 50;
const MOST_RATE = 1_000_000;
const MOST_WAIT_SECONDS = 24 * 86_400;

/** So many of one source in a second; then that source is turned away, and no other. */
function sourceRate({ shape }: ShapedEntry, rate: number, at: Place): MapEntry | undefined {
  if (!shape.knowsPeers) return undefined;
  const rows = [entryOf('count', scalarNode(rate, at)), entryOf('per', scalarNode('1s', at))];
  return entryOf('rate_per_source', mapNode(rows, at));
}

function warn(word: Word, meaning: string, { report }: ShapedEntry): void {
  const message = `Took "${word.text}" in "cps" for ${meaning}`;
  report.add({ code: 'xinetd/limit', at: word.place, message });
}

/** No pause at all is a refusal. */
function pauseEntries(rate: number, wait: number, { at, waitAt }: { at: Place; waitAt: Place }): MapEntry[] {
  const rows = [entryOf('rate', scalarNode(rate, at))];
  if (wait > 0)
    return [entryOf('cps', mapNode([...rows, entryOf('wait', scalarNode(`${wait}s`, waitAt))], at))];
  const policies = mapNode([entryOf('cps', scalarNode('reject', waitAt))], waitAt);
  return [entryOf('cps', mapNode(rows, at)), entryOf('policies', policies)];
}

/** How often: of one source, and of all where the file says so. */
export function cpsEntries(shaped: ShapedEntry): readonly (MapEntry | undefined)[] {
  const { entry, shape, report } = shaped;
  const [rateWord, waitWord] = entry.attributes.get('cps')?.values ?? [];
  if (shape.kind === 'sensor') return [];
  if (!rateWord || !waitWord) return [sourceRate(shaped, STANDARD_RATE, entry.name.place)];
  // A negative one wraps around, and is never reached.
  const rate = parseWhole({ name: 'cps', word: rateWord, least: -0x7fff_ffff }, report);
  const wait = parseWhole({ name: 'cps', word: waitWord, least: 0 }, report);
  if (rate === undefined || wait === undefined || rate === 0) return [];
  if (rate < 0 || rate > MOST_RATE) {
    warn(rateWord, 'no limit: so many never come', shaped);
    return [];
  }
  if (wait > MOST_WAIT_SECONDS) warn(waitWord, '24 days, which is the most', shaped);
  const at = rateWord.place;
  return [
    sourceRate(shaped, rate, at),
    ...pauseEntries(rate, Math.min(wait, MOST_WAIT_SECONDS), { at, waitAt: waitWord.place }),
  ];
}
