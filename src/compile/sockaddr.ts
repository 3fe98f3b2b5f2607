import type { Endpoint } from '../model/address.ts';
import type { ListenAddress, UnixPath } from '../model/listen-address.ts';
import { cidOf, vsockBytes } from '../model/local-peer.ts';

const AF_UNIX = 1;
const AF_INET = 2;
const AF_INET6 = 10;
const AF_VSOCK = 40;
const SOCKADDR_IN_BYTES = 16;
const SOCKADDR_IN6_BYTES = 28;
const SOCKADDR_VM_BYTES = 16;
const encoder = new TextEncoder();

/** An abstract name has a NUL in front and none behind; a path is the other way round: unix(7). */
function unixAddress({ path }: UnixPath): Uint8Array {
  const isAbstract = path.startsWith('@');
  const text = encoder.encode(isAbstract ? `\0${path.slice(1)}` : `${path}\0`);
  const bytes = new Uint8Array(2 + text.length);
  new DataView(bytes.buffer).setUint16(0, AF_UNIX, true);
  bytes.set(text, 2);
  return bytes;
}

function vsockAddress({ bytes: address, port }: Endpoint): Uint8Array {
  const bytes = new Uint8Array(SOCKADDR_VM_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, AF_VSOCK, true);
  view.setUint32(4, port, true);
  view.setUint32(8, cidOf(address) ?? 0, true);
  return bytes;
}

/** What it says of the network is in network order, the rest in that of the machine. */
function inetAddress({ family, port, bytes: address, scopeId }: Endpoint): Uint8Array {
  const bytes = new Uint8Array(family === 6 ? SOCKADDR_IN6_BYTES : SOCKADDR_IN_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, family === 6 ? AF_INET6 : AF_INET, true);
  view.setUint16(2, port);
  bytes.set(address, family === 6 ? 8 : 4);
  if (family === 6) view.setUint32(24, scopeId, true);
  return bytes;
}

/** A struct sockaddr as bind(2) takes it. */
export function encodeSockaddr(address: ListenAddress): Uint8Array {
  if (address.family === 'path') return unixAddress(address);
  return address.family === 'vsock' ? vsockAddress(address) : inetAddress(address);
}

/** sun_path without its NUL; undefined for a socket without a name. */
function unixPath(bytes: Uint8Array): UnixPath | undefined {
  const name = bytes.subarray(2);
  if (name.length === 0) return undefined;
  const text = new TextDecoder().decode(name[0] === 0 ? name.subarray(1) : name);
  return { family: 'path', path: name[0] === 0 ? `@${text}` : text.replace(/\0.*$/s, '') };
}

/** What getsockname(2) gives; undefined for other families, and for what is not bound. */
export function decodeSockaddr(bytes: Uint8Array): ListenAddress | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const family = bytes.length < 2 ? 0 : view.getUint16(0, true);
  if (family === AF_UNIX) return unixPath(bytes);
  if (family === AF_INET && bytes.length >= SOCKADDR_IN_BYTES) {
    return { family: 4, bytes: bytes.slice(4, 8), port: view.getUint16(2), scopeId: 0 };
  }
  if (family === AF_INET6 && bytes.length >= SOCKADDR_IN6_BYTES) {
    const scopeId = view.getUint32(24, true);
    return { family: 6, bytes: bytes.slice(8, 24), port: view.getUint16(2), scopeId };
  }
  if (family !== AF_VSOCK || bytes.length < SOCKADDR_VM_BYTES) return undefined;
  const [port, cid] = [view.getUint32(4, true), view.getUint32(8, true)];
  return { family: 'vsock', bytes: vsockBytes(cid), port, scopeId: 0 };
}
