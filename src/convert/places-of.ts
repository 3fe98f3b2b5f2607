import { type Span, spanOf } from '../config/diagnostic.ts';
import type { SyntaxNode } from '../config/syntax-node.ts';

/** A place in a text that two spans have in common if they begin there. */
export function placeKey({ file, range }: Span): string {
  return `${range?.line}:${range?.column} ${file}`;
}

/** Where all that a tree holds stands, for placeKey. */
export function placesOf(node: SyntaxNode): readonly string[] {
  const own = placeKey(spanOf(node.place));
  if (node.kind === 'list') return [own, ...node.items.flatMap(placesOf)];
  if (node.kind === 'map')
    return [own, ...[...node.entries.values()].flatMap(({ value }) => placesOf(value))];
  return [own];
}
