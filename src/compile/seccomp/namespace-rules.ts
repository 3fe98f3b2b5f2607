import { NAMESPACES, type NamespaceName } from '../../model/namespace.ts';
import type { Condition, Rule } from './rule.ts';

function hasAny(argument: 0 | 1, mask: number): Condition {
  return { argument, mask, test: 'differs', value: 0 };
}

function flagsOf(names: readonly NamespaceName[]): number {
  return names.reduce((flags, name) => flags | NAMESPACES[name], 0);
}

/** Making and entering namespaces, of which a user namespace is the way to all others (S36). */
export function namespaceRules(denied: readonly NamespaceName[]): readonly Rule[] {
  if (denied.length === 0) return [];
  const flags = flagsOf(denied);
  // In clone's flags, the bit of the time namespace is part of the number of a signal.
  const cloneFlags = flagsOf(denied.filter((name) => name !== 'time'));
  return [
    { syscall: 'unshare', action: 'EPERM', when: [hasAny(0, flags)] },
    { syscall: 'clone', action: 'EPERM', when: [hasAny(0, cloneFlags)] },
    // Its flags lie in memory; after ENOSYS the C library takes clone.
    { syscall: 'clone3', action: 'ENOSYS' },
    { syscall: 'setns', action: 'EPERM', when: [hasAny(1, flags)] },
    // Whatever the descriptor is of.
    { syscall: 'setns', action: 'EPERM', when: [{ argument: 1, test: 'equals', value: 0 }] },
  ];
}
