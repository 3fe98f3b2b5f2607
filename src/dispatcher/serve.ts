import { admit } from '../admission/admit.ts';
import type { Facts } from '../admission/facts.ts';
import type { Bus } from '../events/bus.ts';
import type { SpawnerLink } from '../launch/spawner-link.ts';
import type { Connection } from '../model/connection.ts';
import { InvariantError } from '../model/errors.ts';
import type { Policy, ServicePolicy } from '../model/policy.ts';
import type { Descriptor } from '../native/descriptor.ts';
import type { ChildTable } from '../supervise/child-table.ts';
import type { Ledger } from '../supervise/ledger.ts';

/** What one connection meets on its way; shared by all of them. */
export interface Floor {
  readonly policy: Policy;
  readonly ledger: Ledger;
  readonly children: ChildTable;
  readonly link: SpawnerLink;
  readonly bus: Bus;
}

export function policyOf(floor: Floor, service: number): ServicePolicy {
  const policy = floor.policy.services[service];
  if (!policy) throw new InvariantError(`Met service ${service}, which the policy does not have`);
  return policy;
}

function gather(floor: Floor, service: number): Facts {
  return { running: floor.ledger.running(service) };
}

/** Facts, decision, reservation, launch. Takes the descriptor, whatever comes of it. */
export function serve(floor: Floor, connection: Connection, descriptor: Descriptor): void {
  const policy = policyOf(floor, connection.service);
  const verdict = admit(policy, gather(floor, connection.service));
  if (!verdict.admitted) {
    descriptor.close();
    floor.bus.emit({ type: 'refused', service: policy.name, peer: connection.peer, verdict });
    return;
  }
  floor.children.launch({ connection, ticket: floor.ledger.reserve(connection.service) });
  floor.link.send({ type: 'launch', ...connection }, descriptor);
}

/** 2 ** 13 times 2 ** 40 are the safe integers. */
const IDS_OF_ONE = 2 ** 40;
const DISPATCHERS = 2 ** 13;

/** Numbers connections without meeting a number of an earlier dispatcher, whose handlers may still run. */
export function connectionIds(dispatchers: number): () => number {
  let next = (dispatchers % DISPATCHERS) * IDS_OF_ONE;
  return () => next++;
}
