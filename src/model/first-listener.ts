import type { Endpoint } from './address.ts';
import type { ListenPlace } from './listen-address.ts';

/** Where a client comes to if nothing else is said: the first of its family, or the first; itself where there is none. */
export function firstListener(listeners: readonly ListenPlace[], peer: Endpoint): Endpoint {
  const addresses = listeners.map(({ address }) => address).filter((address) => address.family !== 'path');
  return addresses.find(({ family }) => family === peer.family) ?? addresses[0] ?? peer;
}
