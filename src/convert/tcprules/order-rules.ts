import type { LookUp, PeerRule, RulePeer } from '../peer-rule.ts';

const IPV6_BITS = 128;
const CLASSES = { address: 0, host: 1, network: 2, domain: 3, named: 4, all: 5 } as const;

function classOf(peer: RulePeer, { networksFirst }: LookUp): number {
  if (peer.kind !== 'network') return CLASSES[peer.kind];
  const isAddress = peer.length === 8 * peer.bytes.length;
  return isAddress || networksFirst ? CLASSES.address : CLASSES.network;
}

/** How early within its class: longer is more specific. */
function rankOf(peer: RulePeer): number {
  if (peer.kind === 'network') return IPV6_BITS - peer.length;
  return peer.kind === 'domain' ? -peer.suffix.length : 0;
}

/** Rules in the order in which they are looked up; of those of one rank no two match the same client. */
export function orderRules(rules: readonly PeerRule[], lookUp: LookUp): readonly PeerRule[] {
  return rules.toSorted(
    (left, right) =>
      classOf(left.peer, lookUp) - classOf(right.peer, lookUp) || rankOf(left.peer) - rankOf(right.peer),
  );
}

/** Whether two rules stand at the same place of the order. */
export function isSameRank(left: RulePeer, right: RulePeer): boolean {
  return left.kind === right.kind && rankOf(left) === rankOf(right);
}
