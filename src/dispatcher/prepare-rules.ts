import type { Policy } from '../model/policy.ts';
import { atOnce } from './at-once.ts';
import { renewRules } from './renew-rules.ts';
import type { Rules } from './rules.ts';

/** The rules of the first policy: everything has the number that the launch table gives it. */
export function prepareRules(policy: Policy): Rules {
  const none: Rules = { policy, services: [], rows: new Map(), nextRow: 0 };
  return atOnce(renewRules(none, { policy, kept: new Map() })).rules;
}
