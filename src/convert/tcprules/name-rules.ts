import { parseName } from '../../config/name-notation.ts';
import type { PeerRule } from '../peer-rule.ts';

/** A name of a host stands for it and for all below it, where servers look for parents, too; none for what is no name. */
export function nameRules(name: string, rule: Omit<PeerRule, 'peer'>): readonly PeerRule[] | undefined {
  const parsed = parseName(name);
  if ('reason' in parsed || parsed.kind === 'domain' || name.endsWith('.')) return undefined;
  const own = name.toLowerCase();
  return [
    { ...rule, peer: { kind: 'host', name: own } },
    { ...rule, peer: { kind: 'domain', suffix: `.${own}` } },
  ];
}
