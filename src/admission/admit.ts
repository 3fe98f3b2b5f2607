import type { ServicePolicy } from '../model/policy.ts';
import type { CheckOutcome, Verdict } from '../model/verdict.ts';
import type { Check } from './check.ts';
import type { Facts } from './facts.ts';
import { instancesCheck } from './instances-check.ts';

/** In this order: identity first, counters last, the source's before the service's. */
export const CHECKS: readonly Check[] = [instancesCheck];

/** Decides about one connection; pure. The first check that says no ends the walk. */
export function admit(policy: ServicePolicy, facts: Facts): Verdict {
  const trace: CheckOutcome[] = [];
  for (const check of CHECKS) {
    const outcome = check.check(policy, facts);
    trace.push(outcome);
    if (!outcome.passed) return { admitted: false, reason: check.reason, trace };
  }
  return { admitted: true, trace };
}
