import type { SyntaxNode } from './syntax-node.ts';

/** The value that stands beside a key; undefined where none is written. */
export function entryNode(node: SyntaxNode | undefined, key: string): SyntaxNode | undefined {
  return node?.kind === 'map' ? node.entries.get(key)?.value : undefined;
}
