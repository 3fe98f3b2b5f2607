import type { Endpoint } from '../model/address.ts';
import { isNobody } from '../model/nobody.ts';
import type { Client } from './client.ts';

export function hasAddress({ family }: Endpoint): boolean {
  return family === 4 || family === 6;
}

/** Whether it is somebody with an address. */
export function isKnown(peer: Endpoint): boolean {
  return hasAddress(peer) && !isNobody(peer);
}

/** Whether a handler is told of the address of one client: where it is to meet many, it is not. */
export function isTold({ peer, isWaiting }: Client): boolean {
  return !isWaiting && isKnown(peer);
}
