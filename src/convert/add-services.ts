import type { MapEntry, MapNode } from '../config/syntax-node.ts';
import { entryOf, mapNode } from './tree.ts';

/** A document with these services behind its own. */
export function addServices(root: MapNode, services: readonly MapEntry[]): MapNode {
  const entries = Array.from(root.entries.values(), (entry) => {
    if (entry.key !== 'services' || entry.value.kind !== 'map') return entry;
    const { entries: own, place } = entry.value;
    return entryOf('services', mapNode([...own.values(), ...services], place));
  });
  return mapNode(entries, root.place);
}
