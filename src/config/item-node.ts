import type { SyntaxNode } from './syntax-node.ts';

/** An item of a list; undefined where no list is written. */
export function itemNode(node: SyntaxNode | undefined, index: number): SyntaxNode | undefined {
  return node?.kind === 'list' ? node.items[index] : undefined;
}
