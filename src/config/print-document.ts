import { plainValue } from './plain-value.ts';
import { type DocumentComments, renderYaml } from './render-yaml.ts';
import type { MapNode, SyntaxNode } from './syntax-node.ts';

/** Maps, since the keys of an object that look like numbers come before all others, whatever their order was. */
function orderedValue(node: SyntaxNode): unknown {
  if (node.kind === 'list') return node.items.map(orderedValue);
  if (node.kind !== 'map') return plainValue(node);
  return new Map(Array.from(node.entries.values(), ({ key, value }) => [key, orderedValue(value)]));
}

/** A document that was made of files of another program, as text. It loads to what those files load to. */
export function printDocument(root: MapNode, comments?: DocumentComments): string {
  return renderYaml(orderedValue(root) as object, comments);
}
