import type { MapEntry, ScalarNode } from '../../config/syntax-node.ts';
import { entryOf, mapNode, scalarNode } from '../tree.ts';
import type { Word } from './entry.ts';
import { firstWord } from './first-word.ts';
import { parseWhole } from './parse-whole.ts';
import { refuseValue } from './refuse-value.ts';
import type { ShapedEntry } from './shaped-entry.ts';

const VERSIONS = /^([0-9]{1,9})(?:-([0-9]{1,9}))?$/;

/** `2`, or `1-5`; undefined after a report. */
function versionsOf(word: Word, { report }: ShapedEntry): string | undefined {
  const [, first = '', last = first] = VERSIONS.exec(word.text) ?? [];
  if (first !== '' && Number(first) <= Number(last)) return `${Number(first)}-${Number(last)}`;
  const reason = 'must be a version such as "2", or a range such as "1-5"';
  return refuseValue({ name: 'rpc_version', word, reason }, report);
}

/** A listed program goes by its name in rpc(5), whatever number is written. */
function programOf({ entry, shape, report }: ShapedEntry): ScalarNode | undefined {
  const word = firstWord(entry, 'rpc_number');
  if (!shape.types.has('unlisted')) return scalarNode(entry.name.text, entry.name.place);
  const number = word && parseWhole({ name: 'rpc_number', word, least: 0 }, report);
  return word && number !== undefined ? scalarNode(number, word.place) : undefined;
}

/** What the service is registered as with rpcbind. */
export function rpcEntry(shaped: ShapedEntry): MapEntry | undefined {
  const word = firstWord(shaped.entry, 'rpc_version');
  if (shaped.shape.door !== 'rpc' || !word) return undefined;
  const versions = versionsOf(word, shaped);
  const program = programOf(shaped);
  if (versions === undefined || !program) return undefined;
  const rows = [entryOf('program', program), entryOf('versions', scalarNode(versions, word.place))];
  return entryOf('rpc', mapNode(rows, word.place));
}
