import type { MapNode } from '../config/syntax-node.ts';
import { changeServices } from './services-in.ts';

/** A document with these services and no others. */
export function keepServices(root: MapNode, names: ReadonlySet<string>): MapNode {
  return changeServices(root, (services) => services.filter(({ key }) => names.has(key)));
}
