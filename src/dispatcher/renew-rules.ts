import type { Numbering } from '../launch/numbering.ts';
import { NO_OUTLET } from '../model/outlet.ts';
import type { Policy } from '../model/policy.ts';
import { listenersOf } from './listeners-of.ts';
import { prepareServiceRules, type Rules, type ServiceRules } from './rules.ts';

/** Until they have left, those who came for it meet its last rules; nobody can come any more, or go any further. */
function withoutDoors({ service }: ServiceRules, policy: Policy): ServiceRules {
  const redirect = service.policy.redirect && { ...service.policy.redirect, outlet: NO_OUTLET };
  return prepareServiceRules({ ...service.policy, listeners: [], mux: [], redirect }, policy);
}

/**
 * The rules of another policy, and our numbers for what is in it: services keep theirs by name, and listeners where the
 * socket is `kept`, by the rows of the new table.
 */
export function renewRules(
  running: Rules,
  { policy, kept }: { readonly policy: Policy; readonly kept: ReadonlyMap<number, number> },
): { readonly rules: Rules; readonly numbering: Numbering } {
  const numbers = new Map(running.services.map(({ service }, number) => [service.policy.name, number]));
  const services = running.services.map((each) => withoutDoors(each, policy));
  const ours = [...policy.services, ...policy.desks].map((each) => {
    const number = numbers.get(each.name) ?? services.length;
    services[number] = prepareServiceRules(each, policy);
    return number;
  });
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
