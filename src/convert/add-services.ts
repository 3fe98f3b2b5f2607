import type { MapEntry, MapNode } from '../config/syntax-node.ts';
import { changeServices } from './services-in.ts';

/** A document with these services behind its own. */
export function addServices(root: MapNode, services: readonly MapEntry[]): MapNode {
  return changeServices(root, (own) => [...own, ...services]);
}
