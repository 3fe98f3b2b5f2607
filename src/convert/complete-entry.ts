import type { MapEntry, MapNode } from '../config/syntax-node.ts';
import { entryOf, mapNode, scalarNode } from './tree.ts';

/** Stand in for what rules without a service do not say; nothing of it runs, since it is not enabled. */
const PLACEHOLDERS = { listen: 'tcp://127.0.0.1:0', user: 'nobody', server: '/bin/false' } as const;

export const COMPLETE_NOTE =
  ' The files do not say what it listens on, who it runs as, and what it starts: write that.';

/** Whether it is rules for a service that the files do not start. */
export function isFragment({ value }: MapEntry): boolean {
  return value.kind === 'map' && !value.entries.has('listen');
}

function complete(value: MapNode): MapNode {
  const missing = Object.entries(PLACEHOLDERS).filter(([name]) => !value.entries.has(name));
  const added = missing.map(([name, text]) => entryOf(name, scalarNode(text, value.place)));
  return mapNode([...added, ...value.entries.values()], value.place);
}

/** A service that can be checked, of rules as well. */
export function completeEntry(entry: MapEntry): MapEntry {
  return isFragment(entry) && entry.value.kind === 'map' ? { ...entry, value: complete(entry.value) } : entry;
}
