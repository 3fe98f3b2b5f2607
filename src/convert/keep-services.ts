import type { MapNode } from '../config/syntax-node.ts';
import { entryOf, mapNode } from './tree.ts';

/** A document with these services and no others. */
export function keepServices(root: MapNode, names: ReadonlySet<string>): MapNode {
  const entries = Array.from(root.entries.values(), (entry) => {
    if (entry.key !== 'services' || entry.value.kind !== 'map') return entry;
    const kept = [...entry.value.entries.values()].filter(({ key }) => names.has(key));
    return entryOf('services', mapNode(kept, entry.value.place));
  });
  return mapNode(entries, root.place);
}
