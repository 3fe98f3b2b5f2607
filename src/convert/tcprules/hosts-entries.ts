import type { Place } from '../../config/source.ts';
import type { MapEntry, ScalarNode } from '../../config/syntax-node.ts';
import type { LookUp, PeerRule } from '../peer-rule.ts';
import { entryOf, listNode, mapNode, scalarNode } from '../tree.ts';
import { hostsPattern, hostsRule } from './hosts-rule-text.ts';
import { isSameRank } from './order-rules.ts';

/** A line of rules has at most 2,046 bytes, and should be read by people. */
const MOST_PATTERNS_BYTES = 800;
const BY_NAME = new Set(['host', 'domain', 'named']);

interface Group {
  readonly first: PeerRule;
  readonly patterns: string[];
  bytes: number;
}

function likeness({ grants, env }: PeerRule): string {
  return JSON.stringify([grants, grants ? env : []]);
}

/** Rules of one rank that say the same go together: no client matches two of them. */
function groupsOf(rules: readonly PeerRule[]): readonly Group[] {
  const groups: Group[] = [];
  let open = new Map<string, Group>();
  for (const [index, rule] of rules.entries()) {
    const before = rules[index - 1];
    if (before && !isSameRank(before.peer, rule.peer)) open = new Map();
    const pattern = hostsPattern(rule.peer);
    const group = open.get(likeness(rule));
    if (group && group.bytes + pattern.length < MOST_PATTERNS_BYTES) {
      group.patterns.push(pattern);
      group.bytes += pattern.length + 1;
    } else {
      const fresh = { first: rule, patterns: [pattern], bytes: pattern.length };
      groups.push(fresh);
      open.set(likeness(rule), fresh);
    }
  }
  return groups;
}

/**
 * A client with a name that does not lead back to it is refused where such a name could be one of those that are: to
 * the other program it is a name like others, to us it is none.
 */
function paranoidRule(rules: readonly PeerRule[], { confirmsNames }: LookUp): Place | undefined {
  if (confirmsNames) return undefined;
  return rules.find(({ peer, grants }) => BY_NAME.has(peer.kind) && !grants)?.place;
}

function linesOf(rules: readonly PeerRule[], lookUp: LookUp): readonly ScalarNode[] {
  const refused = paranoidRule(rules, lookUp);
  let isRefused = refused === undefined;
  return groupsOf(rules).flatMap(({ first, patterns }) => {
    const line = scalarNode(hostsRule(patterns, first), first.place);
    if (isRefused || refused === undefined || !BY_NAME.has(first.peer.kind)) return [line];
    isRefused = true;
    return [scalarNode('ALL : PARANOID : deny', refused), line];
  });
}

/** Rules in their order as rules of tcp_wrappers, of which the first that matches decides. */
export function hostsEntries(
  rules: readonly PeerRule[],
  { lookUp, at }: { readonly lookUp: LookUp; readonly at: Place },
): readonly MapEntry[] {
  const others = lookUp.grantsOthers ? [] : [scalarNode('ALL : ALL', at)];
  const tables = [
    entryOf('allow', listNode(linesOf(rules, lookUp), at)),
    entryOf('deny', listNode(others, at)),
  ];
  return [entryOf('hosts_access', mapNode(tables, at))];
}
