import { canHold } from '../admission/backpressure.ts';
import type { Check } from '../admission/check.ts';
import { checksOf } from '../admission/checks-of.ts';
import { type PreparedService, prepareService } from '../admission/prepared.ts';
import { InvariantError } from '../model/errors.ts';
import type { Policy } from '../model/policy.ts';

/** How one service decides. */
export interface ServiceRules {
  readonly service: PreparedService;
  readonly checks: readonly Check[];
  /** Whether it is of interest which of our addresses a client came to. */
  readonly needsLocal: boolean;
  /** Whether any limit of it makes clients wait. */
  readonly isQueueing: boolean;
}

/** A policy, ready to decide by; replaced as a whole. */
export interface Rules {
  readonly policy: Policy;
  readonly services: readonly ServiceRules[];
}

export function prepareRules(policy: Policy): Rules {
  const services = policy.services.map((each) => {
    const service = prepareService(each, policy.maxProcesses);
    const needsLocal = each.hosts !== undefined || each.decide !== undefined;
    return { service, checks: checksOf(service), needsLocal, isQueueing: canHold(service) };
  });
  return { policy, services };
}

/** The rules of a service by its index. */
export function rulesOf(rules: Rules, service: number): ServiceRules {
  const found = rules.services[service];
  if (!found) throw new InvariantError(`Met service ${service}, which the policy does not have`);
  return found;
}
