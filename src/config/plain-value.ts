import type { SyntaxNode } from './syntax-node.ts';

/**
 * A tree as plain values for zod. Maps have no prototype, so that a polluted Object.prototype adds no setting
 * to them (S107); what is faulty is undefined.
 */
export function plainValue(node: SyntaxNode): unknown {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'list':
      return node.items.map(plainValue);
    case 'map': {
      const object: Record<string, unknown> = Object.create(null);
      for (const entry of node.entries.values()) object[entry.key] = plainValue(entry.value);
      return object;
    }
    case 'faulty':
      return undefined;
  }
}

/** Whether any part of the tree has been reported already. */
export function hasFault(node: SyntaxNode): boolean {
  if (node.kind === 'list') return node.items.some(hasFault);
  if (node.kind === 'map') return Array.from(node.entries.values()).some((entry) => hasFault(entry.value));
  return node.kind === 'faulty';
}
