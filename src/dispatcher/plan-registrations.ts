import type { ListenPlace } from '../model/listen-address.ts';
import type { ServicePolicy } from '../model/policy.ts';
import type { Netid, RpcRegistration } from '../model/rpc.ts';
import { universalAddress } from '../model/universal-address.ts';

/** A socket that a service really listens on. */
export interface Opened {
  readonly service: string;
  readonly local: ListenPlace;
}

export interface PlannedRegistration {
  readonly service: string;
  readonly registration: RpcRegistration;
}

const ANY_IPV4 = new Uint8Array(4);

function addressFor(netid: Netid, { address }: ListenPlace): string | undefined {
  if (address.family === 'path') return undefined;
  // An IPv6 socket that takes IPv4 as well.
  const isMapped = address.family === 6 && !netid.endsWith('6');
  return universalAddress(isMapped ? { ...address, bytes: ANY_IPV4 } : address);
}

function registrationsOf({ rpc, listeners }: ServicePolicy, local: ListenPlace): readonly RpcRegistration[] {
  // The compiler lets a service of RPC have one listener for each transport and family.
  const row = listeners.findIndex(
    (it) => it.scheme === local.scheme && it.address.family === local.address.family,
  );
  return (rpc?.netids[row] ?? []).flatMap((netid) => {
    const address = addressFor(netid, local);
    if (!rpc || address === undefined) return [];
    return [{ program: rpc.program, low: rpc.low, high: rpc.high, netid, address }];
  });
}

/** What rpcbind should hold for the sockets that are open. */
export function planRegistrations(
  services: readonly ServicePolicy[],
  opened: Iterable<Opened>,
): readonly PlannedRegistration[] {
  const byName = new Map(services.filter(({ rpc }) => rpc).map((service) => [service.name, service]));
  return [...opened].flatMap(({ service, local }) => {
    const policy = byName.get(service);
    if (!policy) return [];
    return registrationsOf(policy, local).map((registration) => ({ service, registration }));
  });
}
