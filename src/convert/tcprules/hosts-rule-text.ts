import { formatAddress } from '../../model/address.ts';
import type { PeerRule, RulePeer, RuleVariable } from '../peer-rule.ts';

type Network = Extract<RulePeer, { kind: 'network' }>;

const IPV4_BYTES = 4;

function networkPattern({ bytes, length }: Network): string {
  const address = formatAddress(bytes);
  if (bytes.length !== IPV4_BYTES) return length === 128 ? `[${address}]` : `[${address}]/${length}`;
  if (length === 32) return address;
  // A length of 0 never matches in tcp_wrappers.
  return length === 0 ? '0.0.0.0/0.0.0.0' : `${address}/${length}`;
}

/** Whom a rule is about, as tcp_wrappers writes it. */
export function hostsPattern(peer: RulePeer): string {
  switch (peer.kind) {
    case 'network':
      return networkPattern(peer);
    case 'host':
      return peer.name;
    case 'domain':
      return peer.suffix;
    case 'named':
      return 'KNOWN';
    case 'all':
      return 'ALL';
  }
}

function setenv({ name, value }: RuleVariable): string {
  return `setenv ${name} ${value.replaceAll('%', '%%').replaceAll(':', '\\:')}`.trimEnd();
}

/** A rule of tcp_wrappers for several peers. */
export function hostsRule(patterns: readonly string[], { grants, env }: PeerRule): string {
  const options = grants ? env.map(setenv) : [];
  return ['ALL', patterns.join(' '), ...options, grants ? 'allow' : 'deny'].join(' : ');
}
