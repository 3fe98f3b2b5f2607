import { join } from 'node:path/posix';
import type { MapEntry } from '../../config/syntax-node.ts';
import { entryOf, scalarNode } from '../tree.ts';
import { firstWord } from './first-word.ts';
import type { ShapedEntry } from './shaped-entry.ts';

const NAMES = ['banner', 'banner_success', 'banner_fail'];

/** What clients are told. Where xinetd has no connection of its own it has nobody to tell, and so has zinetd. */
export function bannerEntries({ entry, shape }: ShapedEntry): readonly (MapEntry | undefined)[] {
  if (shape.transport === 'udp' || shape.isWaiting) return [];
  return NAMES.map((name) => {
    const word = firstWord(entry, name);
    // A relative path begins at the directory that xinetd changes to.
    return word && entryOf(name, scalarNode(join('/', word.text), word.place));
  });
}
