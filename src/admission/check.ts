import type { ServicePolicy } from '../model/policy.ts';
import type { CheckOutcome } from '../model/verdict.ts';
import type { Facts } from './facts.ts';

/** One row of the list of checks. */
export interface Check {
  readonly name: string;
  /** xinetd's word for a refusal by this check. */
  readonly reason: string;
  check(policy: ServicePolicy, facts: Facts): CheckOutcome;
}
