import type { HostName } from '../../model/host-name.ts';
import type { AccessPolicy } from '../../model/policy.ts';
import type { Answer, Check } from '../check.ts';
import type { NameFact } from '../facts.ts';
import { type Match, matchAddress, matchName } from '../match-list.ts';
import type { PreparedService } from '../prepared.ts';

/** What matched in each list. */
interface Matches {
  readonly allow: Match | undefined;
  readonly deny: Match | undefined;
}

const NO_MATCH = -1;

function better(one: Match | undefined, other: Match | undefined): Match | undefined {
  return (other?.score ?? NO_MATCH) > (one?.score ?? NO_MATCH) ? other : one;
}

/** The more specific match wins, ties deny; nothing in `only_from` is everybody, as long as it is not written. */
function isAllowed(access: AccessPolicy, { allow, deny }: Matches): boolean {
  const isWelcome = access.onlyFrom === undefined || allow !== undefined;
  if (!deny) return isWelcome;
  if (access.match === 'xinetd' || !allow) return false;
  return allow.score > deny.score;
}

/** Whether any rule by name could still change what the addresses say. */
function dependsOnName(
  access: AccessPolicy,
  { matches, byName }: { readonly matches: Matches; readonly byName: PreparedService['byName'] },
): boolean {
  const { allow, deny } = matches;
  if (isAllowed(access, matches)) {
    const most = byName.noAccess;
    return most > NO_MATCH && (access.match === 'xinetd' || most >= (allow?.score ?? NO_MATCH));
  }
  const most = byName.onlyFrom;
  return most > NO_MATCH && (!deny || (access.match === 'specific' && most > deny.score));
}

function answer(access: AccessPolicy, matches: Matches): Answer {
  const passed = isAllowed(access, matches);
  const rule = (passed ? matches.allow : (matches.deny ?? matches.allow))?.rule;
  return {
    outcome: { check: 'access', passed, rule, note: passed || rule ? undefined : 'not_in_only_from' },
  };
}

/** What there is to say of one who is known by no name; undefined when somebody simply has none. */
function lookUpNote(name: HostName): string | undefined {
  if (name.kind !== 'unknown') return 'name_not_confirmed';
  return name.why === 'none' ? undefined : `name_${name.why}`;
}

/**
 * With the name, or without one. A look-up that failed fails closed: it could have been a name of `no_access`,
 * whereas somebody who has no name is none of its names (S41, S42).
 */
function answerWithName(access: AccessPolicy, options: { matches: Matches; name: NameFact }): Answer {
  const { matches, name } = options;
  if (name.kind === 'pending') return { need: 'name' };
  if (name.kind === 'known') {
    return answer(access, {
      allow: better(matches.allow, access.onlyFrom && matchName(access.onlyFrom, name.name)),
      deny: better(matches.deny, access.noAccess && matchName(access.noAccess, name.name)),
    });
  }
  const isAllowedByAddress = isAllowed(access, matches);
  if (!isAllowedByAddress && matches.deny) return answer(access, matches);
  const note = lookUpNote(name);
  if (note !== undefined) return { outcome: { check: 'access', passed: false, note }, reason: 'name_lookup' };
  if (isAllowedByAddress) return answer(access, matches);
  return { outcome: { check: 'access', passed: false, note: 'no_name' } };
}

/** `only_from` and `no_access`: who the peer is, by address first, and by name where that can matter. */
export const accessCheck: Check = {
  name: 'access',
  reason: 'address',
  applies: ({ policy }) => policy.access !== undefined,
  check: ({ service: { policy, byName }, arrival: { key }, facts }): Answer => {
    const { access } = policy;
    if (!access) return { outcome: { check: 'access', passed: true } };
    const matches = {
      allow: access.onlyFrom && matchAddress(access.onlyFrom, key),
      deny: access.noAccess && matchAddress(access.noAccess, key),
    };
    if (!dependsOnName(access, { matches, byName })) return answer(access, matches);
    return answerWithName(access, { matches, name: facts.name });
  },
};
