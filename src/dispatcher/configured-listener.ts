import type { Endpoint } from '../model/address.ts';
import { InvariantError } from '../model/errors.ts';
import type { Policy } from '../model/policy.ts';

/** A row of the launch table's listeners, as the configuration wrote it. */
export interface ConfiguredListener {
  readonly service: number;
  readonly name: string;
  readonly configured: Endpoint;
}

/** Row `index`: the rows stand in the order of the policy. */
export function configuredListener(policy: Policy, index: number): ConfiguredListener {
  let first = 0;
  for (const [service, { name, listeners }] of policy.services.entries()) {
    const found = listeners[index - first];
    if (found) return { service, name, configured: { ...found, bytes: Uint8Array.from(found.bytes) } };
    first += listeners.length;
  }
  throw new InvariantError(`The spawner gave listener ${index}, which the policy does not have`);
}
