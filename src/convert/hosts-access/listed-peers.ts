import type { Place } from '../../config/source.ts';
import type { HostPattern, HostsRule } from '../../model/hosts-rules.ts';
import { prefixOf } from '../../model/prefix.ts';
import type { PeerRule, RulePeer } from '../peer-rule.ts';

/** How many bits are set from the left; undefined for a mask with holes. */
function lengthOf(mask: readonly number[]): number | undefined {
  const bits = mask.map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return /^1*0*$/.test(bits) ? bits.replaceAll('0', '').length : undefined;
}

function isLinkLocal([first = 0, second = 0]: readonly number[]): boolean {
  return first === 0xfe && (second & 0xc0) === 0x80;
}

function peerOf(pattern: HostPattern): RulePeer | undefined {
  if (pattern.kind === 'all') return { kind: 'all' };
  if (pattern.kind !== 'network') return undefined;
  const length = lengthOf(pattern.mask);
  // An access list wants to know the interface of a link-local address.
  const isSure = pattern.net.length === 4 || !isLinkLocal(pattern.net);
  return length === undefined || !isSure
    ? undefined
    : { kind: 'network', bytes: Uint8Array.from(pattern.net), length };
}

function peersOf({ clients, options }: HostsRule): readonly RulePeer[] | undefined {
  if (options.length > 0 || clients.except) return undefined;
  const peers = clients.any.map(peerOf);
  return peers.includes(undefined) ? undefined : peers.filter((peer) => peer !== undefined);
}

/** Whether a rule before has this network, or one around it. */
function isTaken(peer: RulePeer, seen: ReadonlySet<string>): boolean {
  if (peer.kind !== 'network') return false;
  const lengths = Array.from({ length: peer.length + 1 }, (_, index) => index);
  return lengths.some((length) => seen.has(keyOf({ ...peer, length })));
}

function keyOf({ bytes, length }: Extract<RulePeer, { kind: 'network' }>): string {
  return `${prefixOf(bytes, length).bytes.join('.')}/${length}`;
}

interface ListedOptions {
  placeOf(rule: HostsRule): Place;
  /** Told of each rule of which a client is left out, since one before takes it. */
  shadowed(rule: HostsRule): void;
}

/**
 * Rules of which the first decides as rules of which the most specific does: whoever stands behind a rule that takes all
 * of its clients goes, so that what is left is in both orders. Undefined where more is asked than an address.
 */
export function listedPeers(
  rules: readonly HostsRule[],
  { placeOf, shadowed }: ListedOptions,
): readonly PeerRule[] | undefined {
  const listed: PeerRule[] = [];
  const seen = new Set<string>();
  let hasAll = false;
  for (const rule of rules) {
    const peers = peersOf(rule);
    if (!peers) return undefined;
    for (const peer of peers) {
      const one = { peer, grants: rule.grants, env: [], place: placeOf(rule) };
      if (hasAll || isTaken(peer, seen)) shadowed(rule);
      else listed.push(one);
      if (peer.kind === 'all') hasAll = true;
      else if (peer.kind === 'network') seen.add(keyOf(peer));
    }
  }
  return listed;
}
