import { addressKey } from '../../model/address.ts';
import type { HostsPolicy } from '../../model/policy.ts';
import type { Answer, Arrival, Check } from '../check.ts';
import type { NameFact } from '../facts.ts';
import { type HostsVerdict, matchHosts } from '../hosts-access.ts';
import type { PeerName } from '../hosts-pattern.ts';

function ask(hosts: HostsPolicy, arrival: Arrival, peerName: PeerName): HostsVerdict {
  return matchHosts(hosts.rules, {
    daemon: hosts.daemon,
    localAddress: addressKey(arrival.local),
    localPort: arrival.local.port,
    peerAddress: arrival.key,
    peerName,
  });
}

/** Somebody without a name is `unknown`; one whose name could not be looked up must not pass for that (S41). */
function isLookupFailed(name: NameFact): boolean {
  return name.kind === 'unknown' && name.why !== 'none';
}

function answer(hosts: HostsPolicy, verdict: Extract<HostsVerdict, { kind: 'decided' }>): Answer {
  const { granted: passed, match } = verdict;
  if (!match) return { outcome: { check: 'hosts_access', passed } };
  const { variant, text, severity } = hosts.outcomes[match.table][match.index] ?? {};
  return { outcome: { check: 'hosts_access', passed, rule: match.rule, severity }, variant, text };
}

/** hosts_access(5): the first rule that matches in hosts.allow, then in hosts.deny; else granted. */
export const hostsAccessCheck: Check = {
  name: 'hosts_access',
  reason: 'libwrap',
  applies: ({ policy }) => policy.hosts !== undefined,
  check: ({ service: { policy }, arrival, facts: { name } }): Answer => {
    const { hosts } = policy;
    if (!hosts) return { outcome: { check: 'hosts_access', passed: true } };
    const verdict = ask(hosts, arrival, isLookupFailed(name) ? { kind: 'pending' } : name);
    if (verdict.kind === 'decided') return answer(hosts, verdict);
    if (name.kind !== 'unknown') return { need: 'name' };
    const note = `name_${name.why}`;
    return { outcome: { check: 'hosts_access', passed: false, note }, reason: 'name_lookup' };
  },
};
