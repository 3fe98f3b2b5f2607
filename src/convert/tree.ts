import type { Place } from '../config/source.ts';
import type { ListNode, MapEntry, MapNode, ScalarNode, SyntaxNode } from '../config/syntax-node.ts';

/** A value as if it had been written in a native document at that place. */
export function scalarNode(value: ScalarNode['value'], place: Place): ScalarNode {
  return { kind: 'scalar', value, place, plain: typeof value !== 'string' };
}

export function listNode(items: readonly SyntaxNode[], place: Place): ListNode {
  return { kind: 'list', items, place };
}

export function entryOf(key: string, value: SyntaxNode): MapEntry {
  return { key, keyPlace: value.place, value };
}

/** Entries that are undefined are left out. */
export function mapNode(entries: readonly (MapEntry | undefined)[], place: Place): MapNode {
  const present = entries.filter((entry) => entry !== undefined);
  return { kind: 'map', place, entries: new Map(present.map((entry) => [entry.key, entry])) };
}
