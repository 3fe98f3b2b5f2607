import type { Policy } from '../model/policy.ts';
import type { ConfiguredListener } from './configured-listener.ts';

/** The listeners of a policy, in the order of its launch table; `service` is a place in the policy. */
export function listenersOf(policy: Policy): readonly ConfiguredListener[] {
  return [...policy.services, ...policy.desks].flatMap(({ name, listeners }, service) =>
    listeners.map((configured) => ({ service, name, configured })),
  );
}
