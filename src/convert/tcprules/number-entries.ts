import type { Report } from '../../config/report.ts';
import type { MapEntry } from '../../config/syntax-node.ts';
import { entryOf, mapNode, scalarNode } from '../tree.ts';
import { lastOption, type OptionWord, parseNumber } from './option-words.ts';
import type { ShellWord } from './shell-word.ts';

const MOST_HANDLERS = 65_535;

interface Context {
  readonly self: ShellWord;
  readonly report: Report;
}

/** Who is one too many waits in the backlog, and one client may have all places unless it is said otherwise. */
export function instanceEntries(
  options: readonly OptionWord[],
  { usual, isPerSource, self, report }: Context & { readonly usual: number; readonly isPerSource: boolean },
): readonly (MapEntry | undefined)[] {
  const value = lastOption(options, 'c')?.value;
  const number = value ? parseNumber(value, { least: 1, most: MOST_HANDLERS, report }) : usual;
  const at = value?.place ?? self.place;
  const policy = entryOf('instances', scalarNode('queue', at));
  return [
    number === undefined ? undefined : entryOf('instances', scalarNode(number, at)),
    isPerSource ? undefined : entryOf('per_source', scalarNode('UNLIMITED', at)),
    entryOf('policies', mapNode([policy], at)),
  ];
}

export function backlogEntry(
  options: readonly OptionWord[],
  { usual, self, report }: Context & { readonly usual: number },
): MapEntry | undefined {
  const value = lastOption(options, 'b')?.value;
  const number = value ? parseNumber(value, { least: 1, most: MOST_HANDLERS, report }) : usual;
  return number === undefined
    ? undefined
    : entryOf('backlog', scalarNode(number, value?.place ?? self.place));
}
