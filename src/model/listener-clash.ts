import type { ListenPlace } from './listen-address.ts';

function isWildcard(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

function isSameAddress(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/** Whether two sockets cannot listen at once: they have one address, or one of them has those of all. */
export function doListenersClash(a: ListenPlace, b: ListenPlace): boolean {
  const [one, other] = [a.address, b.address];
  if (one.family === 'path' || other.family === 'path') {
    return one.family === 'path' && other.family === 'path' && one.path === other.path;
  }
  if (a.scheme !== b.scheme || one.port !== other.port || one.port === 0) return false;
  if (one.family === 'vsock') return true;
  return isSameAddress(one.bytes, other.bytes) || isWildcard(one.bytes) || isWildcard(other.bytes);
}
