import { findNamed } from '../model/find-named.ts';
import { type Floor, policyOf } from './floor.ts';

/**
 * Where a client of TLS comes to by the host that it has asked for, as the rules have it now; where none of them is about
 * that, to the service that it has come to.
 */
export function chosenService(
  floor: Floor,
  { service, serverName }: { readonly service: number; readonly serverName: string | undefined },
): number {
  const named = policyOf(floor, service).tls?.named ?? [];
  const target = serverName === undefined ? undefined : findNamed(named, serverName)?.service;
  if (target === undefined) return service;
  const found = floor.rules.services.findIndex(({ service: { policy } }) => policy.name === target);
  return found < 0 ? service : found;
}
