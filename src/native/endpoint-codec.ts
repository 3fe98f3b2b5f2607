import { type Endpoint, unmapEndpoint } from '../model/address.ts';

/** `struct endpoint` of the addon, `struct peer` of the spawner: family, port, scope, address. */
export const ENDPOINT_BYTES = 24;

const AF_INET = 2;
const AF_INET6 = 10;

/** Reads an endpoint, an IPv4-mapped address unwrapped. */
export function decodeEndpoint(bytes: Uint8Array): Endpoint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, ENDPOINT_BYTES);
  const family = view.getUint16(0, true) === AF_INET6 ? 6 : 4;
  const address = bytes.slice(8, family === 6 ? 24 : 12);
  return unmapEndpoint({
    family,
    bytes: address,
    port: view.getUint16(2, true),
    scopeId: view.getUint32(4, true),
  });
}

/** Writes an endpoint into 24 bytes of zeros. */
export function encodeEndpoint(endpoint: Endpoint, bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, ENDPOINT_BYTES);
  view.setUint16(0, endpoint.family === 6 ? AF_INET6 : AF_INET, true);
  view.setUint16(2, endpoint.port, true);
  view.setUint32(4, endpoint.scopeId, true);
  bytes.set(endpoint.bytes, 8);
}
