import type { DaemonPattern, HostPattern, HostsRule, HostsRules, PatternList } from '../model/hosts-rules.ts';
import { matchesHost, matchesName, type PeerName, type Three } from './hosts-pattern.ts';

/** What the rules ask about. One record, so that peer and local side cannot be swapped (S45). */
export interface HostsFacts {
  /** The name that the rules know the service by: what inetd has in argv[0]. */
  readonly daemon: string;
  /** Keys: 4 or 16 bytes in network order. */
  readonly localAddress: Uint8Array;
  readonly localPort: number;
  readonly peerAddress: Uint8Array;
  readonly peerName: PeerName;
}

/** A rule that decided, and where it stands. */
export interface HostsMatch {
  readonly table: 'allow' | 'deny';
  /** In its table, from 0. */
  readonly index: number;
  readonly rule: HostsRule;
}

export type HostsVerdict =
  /** `match` is undefined when no rule matched, which grants. */
  | { readonly kind: 'decided'; readonly granted: boolean; readonly match: HostsMatch | undefined }
  /** The name has to be looked up first: this rule asks for it. */
  | { readonly kind: 'needs-name'; readonly match: HostsMatch };

/** An exception is only looked at when something before it matched, as in tcp_wrappers. */
function matchesList<Pattern>(list: PatternList<Pattern>, matches: (pattern: Pattern) => Three): Three {
  for (const pattern of list.any) {
    const one = matches(pattern);
    if (one === 'needs-name') return one;
    if (!one) continue;
    if (list.except === undefined) return true;
    const excepted = matchesList(list.except, matches);
    return excepted === 'needs-name' ? excepted : !excepted;
  }
  return false;
}

const NO_NAME: PeerName = { kind: 'unknown' };

function matchesDaemon(pattern: DaemonPattern, facts: HostsFacts): Three {
  const { daemon } = pattern;
  const isMeant =
    daemon.kind === 'port'
      ? daemon.port === facts.localPort
      : matchesName(daemon, facts.daemon.toLowerCase());
  if (!isMeant) return false;
  if (pattern.at === undefined) return true;
  // Nobody asks for names of our own side: the parser lets no pattern through that needs one.
  return matchesHost(pattern.at, { address: facts.localAddress, name: NO_NAME });
}

function matchesRule(rule: HostsRule, facts: HostsFacts): Three {
  const daemon = matchesList(rule.daemons, (pattern) => matchesDaemon(pattern, facts));
  if (daemon !== true) return daemon;
  const peer = { address: facts.peerAddress, name: facts.peerName };
  return matchesList(rule.clients, (pattern: HostPattern) => matchesHost(pattern, peer));
}

/**
 * What tcp_wrappers would say, in its order; pure (S55). A name that is still being looked up is asked for only
 * when a pattern is reached that compares it.
 */
export function matchHosts(rules: HostsRules, facts: HostsFacts): HostsVerdict {
  for (const table of ['allow', 'deny'] as const) {
    for (const [index, rule] of rules[table].entries()) {
      const matched = matchesRule(rule, facts);
      if (matched === false) continue;
      const match = { table, index, rule };
      if (matched === 'needs-name') return { kind: 'needs-name', match };
      return { kind: 'decided', granted: rule.grants, match };
    }
  }
  return { kind: 'decided', granted: true, match: undefined };
}
