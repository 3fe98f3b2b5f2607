import type { MapEntry, MapNode } from '../config/syntax-node.ts';
import { entryOf, mapNode } from './tree.ts';

/** The services of a document, in its order. */
export function servicesIn(root: MapNode): readonly MapEntry[] {
  const services = root.entries.get('services')?.value;
  return services?.kind === 'map' ? [...services.entries.values()] : [];
}

/** The document with what `change` makes of its services. */
export function changeServices(
  root: MapNode,
  change: (services: readonly MapEntry[]) => readonly MapEntry[],
): MapNode {
  const entries = Array.from(root.entries.values(), (entry) => {
    if (entry.key !== 'services' || entry.value.kind !== 'map') return entry;
    return entryOf('services', mapNode(change([...entry.value.entries.values()]), entry.value.place));
  });
  return mapNode(entries, root.place);
}
