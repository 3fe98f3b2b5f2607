import { type Endpoint, unmapEndpoint } from '../model/address.ts';
import { isMulticast } from '../model/is-multicast.ts';
import type { ProxyHeader } from './header.ts';

/** An address of 4 or 16 bytes, and a port. */
export interface RawEnd {
  readonly bytes: Uint8Array;
  readonly port: number;
}

function endpointOf({ bytes, port }: RawEnd): Endpoint {
  return unmapEndpoint({ family: bytes.length === 4 ? 4 : 6, bytes, port, scopeId: 0 });
}

/** All zeros stand for nobody, and all ones are a broadcast. */
function isSomebody({ family, bytes }: Endpoint): boolean {
  return bytes.some((byte) => byte !== 0) && !(family === 4 && bytes.every((byte) => byte === 0xff));
}

/**
 * Undefined where nobody can have such an address. Those of groups are the marks of unix and vsock peers
 * (model/local-peer.ts), which no header may make anybody.
 */
export function clientHeader(from: RawEnd, to: RawEnd): ProxyHeader | undefined {
  const source = endpointOf(from);
  const destination = endpointOf(to);
  if (isMulticast(source.bytes) || isMulticast(destination.bytes)) return undefined;
  return isSomebody(source) ? { kind: 'client', source, destination } : undefined;
}
