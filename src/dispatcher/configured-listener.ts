import { InvariantError } from '../model/errors.ts';
import type { ListenPlace } from '../model/listen-address.ts';
import type { Policy } from '../model/policy.ts';

/** A row of the launch table's listeners, as the configuration wrote it. */
export interface ConfiguredListener {
  readonly service: number;
  readonly name: string;
  readonly configured: ListenPlace;
}

/** Row `index`: the rows stand in the order of the policy. */
export function configuredListener(policy: Policy, index: number): ConfiguredListener {
  let first = 0;
  for (const [service, { name, listeners }] of policy.services.entries()) {
    const configured = listeners[index - first];
    if (configured) return { service, name, configured };
    first += listeners.length;
  }
  throw new InvariantError(`The spawner gave listener ${index}, which the policy does not have`);
}
