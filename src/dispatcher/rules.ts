import { canHold } from '../admission/backpressure.ts';
import type { Check } from '../admission/check.ts';
import { checksOf } from '../admission/checks-of.ts';
import { type PreparedService, prepareService } from '../admission/prepared.ts';
import { EnvironmentPlan } from '../launch/plan-environment.ts';
import { asksIdent } from '../model/asks-ident.ts';
import { InvariantError } from '../model/errors.ts';
import type { Policy, ServicePolicy } from '../model/policy.ts';
import type { ConfiguredListener } from './configured-listener.ts';

/** How one service decides. */
export interface ServiceRules {
  readonly service: PreparedService;
  readonly checks: readonly Check[];
  /** Whether it is of interest which of our addresses a client came to. */
  readonly needsLocal: boolean;
  /** What its handlers are told of their clients. */
  readonly plan: EnvironmentPlan;
  /** Whether any limit of it makes clients wait. */
  readonly isQueueing: boolean;
}

/** A policy, ready to decide by; replaced as a whole. */
export interface Rules {
  readonly policy: Policy;
  /** By our numbers (Numbering); those of services that are no more stand here, too. */
  readonly services: readonly ServiceRules[];
  /** Listeners by our numbers: those of the policy alone. */
  readonly rows: ReadonlyMap<number, ConfiguredListener>;
  /** The first number that no listener has had. */
  readonly nextRow: number;
}

export function prepareServiceRules(
  each: ServicePolicy,
  { maxProcesses }: Pick<Policy, 'maxProcesses'>,
): ServiceRules {
  const service = prepareService(each, maxProcesses);
  const tellsLocal = each.isIdOnly || asksIdent(each.log) || each.peerEnv.includes('ucspi');
  // Of the services that clients of TLS may come to by name, any may want to know.
  const isDoor = each.tls?.named.some(({ service: target }) => target !== undefined) === true;
  const needsLocal = each.hosts !== undefined || each.decide !== undefined || tellsLocal || isDoor;
  const plan = new EnvironmentPlan(each.peerEnv);
  return { service, checks: checksOf(service), needsLocal, plan, isQueueing: canHold(service) };
}

/** The rules of a service by its index. */
export function rulesOf(rules: Rules, service: number): ServiceRules {
  const found = rules.services[service];
  if (!found) throw new InvariantError(`Met service ${service}, which the policy does not have`);
  return found;
}
