import { type Endpoint, unmapEndpoint } from '../model/address.ts';
import { unixPeerBytes, vsockBytes } from '../model/local-peer.ts';

/** `struct endpoint` of src/native/shared/endpoint.h: family, port, scope, address. */
export const ENDPOINT_BYTES = 24;

const AF_UNIX = 1;
const AF_INET = 2;
const AF_INET6 = 10;
const AF_VSOCK = 40;

/** vsock(7) has ports of 32 bits, which are kept where IPv6 has the scope. */
function decodeLocal(view: DataView): Endpoint {
  const word = (index: number): number => view.getUint32(8 + 4 * index);
  if (view.getUint16(0, true) === AF_VSOCK) {
    return { family: 'vsock', bytes: vsockBytes(word(1)), port: view.getUint32(4, true), scopeId: 0 };
  }
  const bytes = unixPeerBytes({ uid: word(1), gid: word(2), pid: word(3) });
  return { family: 'unix', bytes, port: 0, scopeId: 0 };
}

/** Reads an endpoint, an IPv4-mapped address unwrapped. */
export function decodeEndpoint(bytes: Uint8Array): Endpoint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, ENDPOINT_BYTES);
  const number = view.getUint16(0, true);
  if (number === AF_UNIX || number === AF_VSOCK) return decodeLocal(view);
  const family = number === AF_INET6 ? 6 : 4;
  const address = bytes.slice(8, family === 6 ? 24 : 12);
  return unmapEndpoint({
    family,
    bytes: address,
    port: view.getUint16(2, true),
    scopeId: view.getUint32(4, true),
  });
}

const FAMILIES: Readonly<Record<Endpoint['family'], number>> = {
  ...{ 4: AF_INET, 6: AF_INET6, unix: AF_UNIX, vsock: AF_VSOCK },
};

/** Writes an endpoint into 24 bytes of zeros. */
export function encodeEndpoint(endpoint: Endpoint, bytes: Uint8Array): void {
  const { family, port, scopeId } = endpoint;
  const view = new DataView(bytes.buffer, bytes.byteOffset, ENDPOINT_BYTES);
  view.setUint16(0, FAMILIES[family], true);
  view.setUint16(2, family === 'vsock' ? 0 : port, true);
  view.setUint32(4, family === 'vsock' ? port : scopeId, true);
  bytes.set(endpoint.bytes, 8);
}
