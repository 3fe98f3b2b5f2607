import type { MapEntry, MapNode } from '../config/syntax-node.ts';

/** The services of a document, in its order. */
export function servicesIn(root: MapNode): readonly MapEntry[] {
  const services = root.entries.get('services')?.value;
  return services?.kind === 'map' ? [...services.entries.values()] : [];
}
