import type { Place } from '../config/source.ts';
import type { MapEntry } from '../config/syntax-node.ts';
import { formatAddress } from '../model/address.ts';
import { prefixOf } from '../model/prefix.ts';
import type { LookUp, PeerRule } from './peer-rule.ts';
import { entryOf, listNode, scalarNode } from './tree.ts';

type Network = Extract<PeerRule['peer'], { kind: 'network' }>;

/** Rules about addresses alone, in an order. */
interface Lists {
  readonly allowed: readonly (PeerRule & { readonly peer: Network })[];
  readonly denied: readonly (PeerRule & { readonly peer: Network })[];
  readonly grantsOthers: boolean;
}

function keyOf(bytes: Uint8Array, length: number): string {
  return `${formatAddress(prefixOf(bytes, length).bytes)}/${length}`;
}

/** Whether one of `inner` is a part of one of `outer`, so that it matters which is the more specific. */
function isNested(inner: Lists['allowed'], outer: Lists['allowed']): boolean {
  const keys = new Set(outer.map(({ peer }) => keyOf(peer.bytes, peer.length)));
  if (keys.size === 0) return false;
  return inner.some(({ peer: { bytes, length } }) =>
    Array.from({ length }, (_, index) => index).some((shorter) => keys.has(keyOf(bytes, shorter))),
  );
}

/** Zeros at the end of an address stand for any number in a list of ours, so that a length is written there. */
function textOf({ bytes, length }: Network): string {
  const text = formatAddress(bytes);
  const isPlain = length === 8 * bytes.length && !/(\.0|::)$/.test(text);
  return isPlain ? text : `${text}/${length}`;
}

function numberOf(bytes: Uint8Array): bigint {
  return bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

function isNext(left: Network, right: Network): boolean {
  if (left.length !== right.length || left.bytes.length !== right.bytes.length) return false;
  const size = 1n << BigInt(8 * left.bytes.length - left.length);
  return numberOf(left.bytes) + size === numberOf(right.bytes);
}

function lastOf({ bytes, length }: Network): Uint8Array {
  return bytes.map((byte, index) => byte | (0xff >> Math.min(8, Math.max(0, length - 8 * index))));
}

/** Neighbours of one line as a range: `1.2.3.37-53` in our words. */
function runTexts(rules: Lists['allowed']): readonly { text: string; place: Place }[] {
  const runs: { first: Network; last: Network; place: Place }[] = [];
  for (const { peer, place } of rules) {
    const run = runs.at(-1);
    if (run && run.place === place && isNext(run.last, peer)) run.last = peer;
    else runs.push({ first: peer, last: peer, place });
  }
  return runs.map(({ first, last, place }) => ({
    place,
    text: first === last ? textOf(first) : `${formatAddress(first.bytes)}-${formatAddress(lastOf(last))}`,
  }));
}

function listsOf(rules: readonly PeerRule[], { grantsOthers }: LookUp): Lists {
  const networks = rules.filter((rule): rule is PeerRule & { peer: Network } => rule.peer.kind === 'network');
  return {
    allowed: networks.filter(({ grants }) => grants),
    denied: networks.filter(({ grants }) => !grants),
    grantsOthers: rules.find(({ peer }) => peer.kind === 'all')?.grants ?? grantsOthers,
  };
}

/** `only_from` and `no_access` for rules about addresses alone: of what matches, the most specific decides there, too. */
export function listEntries(
  rules: readonly PeerRule[],
  { lookUp, at }: { readonly lookUp: LookUp; readonly at: Place },
): readonly (MapEntry | undefined)[] {
  const { allowed, denied, grantsOthers } = listsOf(rules, lookUp);
  const isOrdered = grantsOthers ? isNested(allowed, denied) : isNested(denied, allowed);
  const texts = (those: Lists['allowed']): readonly { text: string; place: Place }[] =>
    isOrdered ? those.map(({ peer, place }) => ({ text: textOf(peer), place })) : runTexts(those);
  const list = (name: string, items: readonly { text: string; place: Place }[]): MapEntry =>
    entryOf(
      name,
      listNode(
        items.map(({ text, place }) => scalarNode(text, place)),
        at,
      ),
    );
  const others = grantsOthers ? ['0.0.0.0/0', '::/0'].map((text) => ({ text, place: at })) : [];
  const isListed = !grantsOthers || isOrdered;
  const isDenied = denied.length > 0 && (grantsOthers || isOrdered);
  return [
    isListed ? list('only_from', [...texts(allowed), ...others]) : undefined,
    isDenied ? list('no_access', texts(denied)) : undefined,
  ];
}
