import { matchAddress } from '../admission/match-list.ts';
import { addressKey, type Endpoint } from '../model/address.ts';
import type { ServicePolicy } from '../model/policy.ts';

/** Whether a service believes this one who the client is. */
export function trustsProxy({ proxy }: Pick<ServicePolicy, 'proxy'>, peer: Endpoint): boolean {
  return proxy !== undefined && matchAddress(proxy.from, addressKey(peer)) !== undefined;
}
