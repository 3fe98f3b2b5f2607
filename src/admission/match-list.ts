import { credentialsOf, isLocalPeer } from '../model/local-peer.ts';
import type { AccessList, NameRule, PeerRule } from '../model/policy.ts';
import { formatPrefix, prefixOf } from '../model/prefix.ts';
import type { Hit, PrefixTable } from '../model/prefix-table.ts';
import type { Rule } from '../model/rule.ts';
import { findPrefix } from './find-prefix.ts';

/** A rule that matched, and how specific it is: 0 for everybody, 128 for one host. */
export interface Match {
  readonly rule: Rule;
  readonly score: number;
}

const ONE_HOST = 128;
const IPV4_BYTES = 4;
const IPV4_BITS = 32;
/** The most labels that a name can have, and one more: a domain counts less than any network but `/0`. */
const MOST_LABELS = 128;

/** The rule of a table; its text is made when somebody reads it, since most refusals of a flood are never told. */
class PrefixRule implements Rule {
  readonly file: string;
  readonly line: number;
  readonly #prefix: { readonly key: Uint8Array; readonly length: number };

  constructor(table: PrefixTable, { key, hit }: { readonly key: Uint8Array; readonly hit: Hit }) {
    this.file = table.file ?? '';
    this.line = hit.value;
    this.#prefix = { key, length: hit.length };
  }

  get text(): string {
    return formatPrefix(prefixOf(this.#prefix.key, this.#prefix.length));
  }
}

/** A prefix of either family on one scale. */
function scoreOf(bits: number, key: Uint8Array): number {
  return key.length === IPV4_BYTES ? (bits * ONE_HOST) / IPV4_BITS : bits;
}

/** A group is more than one user, as a network is more than one host. */
const ONE_GROUP = 64;

/** The most specific of the rules about a peer at a unix socket; no rule is about one at a vsock. */
function matchLocal(rules: readonly PeerRule[], key: Uint8Array): Match | undefined {
  const peer = credentialsOf(key);
  const rule =
    rules.find(({ kind, id }) => kind === 'uid' && id === peer?.uid) ??
    rules.find(({ kind, id }) => kind === 'gid' && id === peer?.gid);
  return rule && { rule, score: rule.kind === 'uid' ? ONE_HOST : ONE_GROUP };
}

/** The most specific of the rules that match, names apart. Who has no IP address is in no network, not even `::/0`. */
export function matchAddress(list: AccessList, key: Uint8Array): Match | undefined {
  if (isLocalPeer(key)) return matchLocal(list.peers, key);
  let best: Match | undefined;
  for (const table of list.tables) {
    const hit = findPrefix(table, key);
    if (!hit) continue;
    const score = scoreOf(hit.length, key);
    if (!best || score > best.score) best = { rule: new PrefixRule(table, { key, hit }), score };
  }
  return best;
}

function scoreOfName(rule: NameRule): number {
  return rule.kind === 'host' ? ONE_HOST : rule.name.split('.').length / MOST_LABELS;
}

function matchesName(rule: NameRule, name: string): boolean {
  return rule.kind === 'host' ? name === rule.name : name.endsWith(`.${rule.name}`);
}

/** The most specific of the rules that match a confirmed name; names are in lower case (S43). */
export function matchName(list: AccessList, name: string): Match | undefined {
  let best: Match | undefined;
  for (const rule of list.names) {
    if (!matchesName(rule, name)) continue;
    const score = scoreOfName(rule);
    if (!best || score > best.score) best = { rule, score };
  }
  return best;
}

/** How specific a rule by name could be at the most; -1 if the list has none. */
export function mostByName(list: AccessList | undefined): number {
  return Math.max(-1, ...(list?.names ?? []).map(scoreOfName));
}
