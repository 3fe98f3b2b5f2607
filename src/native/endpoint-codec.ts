import type { Endpoint } from '../model/address.ts';
import { unixPeerBytes, vsockBytes } from '../model/local-peer.ts';
import { viewOf } from '../model/view-of.ts';

/** `struct endpoint` of src/native/shared/endpoint.h: family, port, scope, address. */
export const ENDPOINT_BYTES = 24;

const AF_UNIX = 1;
const AF_INET = 2;
const AF_INET6 = 10;
const AF_VSOCK = 40;

/** `::ffff:0:0/96`, as its third word is. */
const MAPPED_WORD = 0xffff;

/** vsock(7) has ports of 32 bits, which are kept where IPv6 has the scope. */
function readLocal(view: DataView, at: number): Endpoint {
  const word = (index: number): number => view.getUint32(at + 8 + 4 * index);
  if (view.getUint16(at, true) === AF_VSOCK) {
    return { family: 'vsock', bytes: vsockBytes(word(1)), port: view.getUint32(at + 4, true), scopeId: 0 };
  }
  const bytes = unixPeerBytes({ uid: word(1), gid: word(2), pid: word(3) });
  return { family: 'unix', bytes, port: 0, scopeId: 0 };
}

function isMapped(view: DataView, at: number): boolean {
  return (
    view.getUint32(at + 8) === 0 && view.getUint32(at + 12) === 0 && view.getUint32(at + 16) === MAPPED_WORD
  );
}

function bytesAt(view: DataView, { at, count }: { readonly at: number; readonly count: number }): Uint8Array {
  const bytes = new Uint8Array(count);
  for (let index = 0; index < count; index++) bytes[index] = view.getUint8(at + index);
  return bytes;
}

/** Reads an endpoint, an IPv4-mapped address unwrapped (S47). It is on the way of every connection: no view is made for it. */
export function readEndpoint(view: DataView, at: number): Endpoint {
  const number = view.getUint16(at, true);
  if (number === AF_UNIX || number === AF_VSOCK) return readLocal(view, at);
  const port = view.getUint16(at + 2, true);
  const scopeId = view.getUint32(at + 4, true);
  if (number !== AF_INET6)
    return { family: 4, bytes: bytesAt(view, { at: at + 8, count: 4 }), port, scopeId };
  if (isMapped(view, at))
    return { family: 4, bytes: bytesAt(view, { at: at + 20, count: 4 }), port, scopeId: 0 };
  return { family: 6, bytes: bytesAt(view, { at: at + 8, count: 16 }), port, scopeId };
}

export function decodeEndpoint(bytes: Uint8Array): Endpoint {
  return readEndpoint(viewOf(bytes), 0);
}

const FAMILIES: Readonly<Record<Endpoint['family'], number>> = {
  ...{ 4: AF_INET, 6: AF_INET6, unix: AF_UNIX, vsock: AF_VSOCK },
};

/** Writes an endpoint where there are 24 bytes of zeros. */
export function writeEndpoint(endpoint: Endpoint, view: DataView, at: number): void {
  const { family, port, scopeId, bytes } = endpoint;
  view.setUint16(at, FAMILIES[family], true);
  view.setUint16(at + 2, family === 'vsock' ? 0 : port, true);
  view.setUint32(at + 4, family === 'vsock' ? port : scopeId, true);
  for (let index = 0; index < bytes.length; index++) view.setUint8(at + 8 + index, bytes[index] ?? 0);
}
