import type { Numbering } from '../launch/numbering.ts';
import { NO_OUTLET } from '../model/outlet.ts';
import type { Policy } from '../model/policy.ts';
import { listenersOf } from './listeners-of.ts';
import { prepareServiceRules, type Rules, type ServiceRules } from './rules.ts';

/** Until they have left, those who came for it meet its last rules; nobody can come any more, or go any further. */
function withoutDoors({ service }: ServiceRules, policy: Policy): ServiceRules {
  const redirect = service.policy.redirect && { ...service.policy.redirect, outlet: NO_OUTLET };
  return prepareServiceRules(
    { ...service.policy, listeners: [], mux: [], redirect, pool: undefined },
    policy,
  );
}

/** What is in force once a policy is. */
export interface Renewed {
  readonly rules: Rules;
  readonly numbering: Numbering;
}

/**
 * The rules of another policy, in steps of one service, and our numbers for what is in it: services keep theirs by name, and listeners where the
 * socket is `kept`, by the rows of the new table.
 */
export function* renewRules(
  running: Rules,
  { policy, kept }: { readonly policy: Policy; readonly kept: ReadonlyMap<number, number> },
): Generator<void, Renewed> {
  const all = [...policy.services, ...policy.desks];
  const next = new Map(all.map((each) => [each.name, each]));
  const numbers = new Map(running.services.map(({ service }, number) => [service.policy.name, number]));
  const services: ServiceRules[] = [];
  for (const each of running.services) {
    const policyOfIt = next.get(each.service.policy.name);
    services.push(policyOfIt ? prepareServiceRules(policyOfIt, policy) : withoutDoors(each, policy));
    yield;
  }
  for (const each of all.filter(({ name }) => !numbers.has(name))) {
    numbers.set(each.name, services.length);
    services.push(prepareServiceRules(each, policy));
    yield;
  }
  const ours = all.map(({ name }) => numbers.get(name) ?? services.length);
  let { nextRow } = running;
  const listeners = listenersOf(policy).map((listener, theirs) => {
    const row = kept.get(theirs) ?? nextRow++;
    return [row, { ...listener, service: ours[listener.service] ?? services.length }] as const;
  });
  return {
    rules: { policy, services, rows: new Map(listeners), nextRow },
    numbering: { services: ours, rows: listeners.map(([row]) => row) },
  };
}
