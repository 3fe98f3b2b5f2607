import type { MapEntry } from '../../config/syntax-node.ts';
import { entryOf, scalarNode } from '../tree.ts';
import { denyTime } from './deny-time.ts';
import { firstWord } from './first-word.ts';
import type { ShapedEntry } from './shaped-entry.ts';

/** A service that is there to find out who looks for services. */
export function sensorEntries(shaped: ShapedEntry): readonly (MapEntry | undefined)[] {
  const { entry } = shaped;
  const at = entry.attributes.get('flags')?.at ?? entry.name.place;
  const time = denyTime(shaped);
  return [
    entryOf('sensor', scalarNode(true, at)),
    time === undefined
      ? undefined
      : entryOf('deny_time', scalarNode(time, firstWord(entry, 'deny_time')?.place ?? at)),
  ];
}
