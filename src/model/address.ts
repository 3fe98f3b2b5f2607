import ipaddr from 'ipaddr.js';

/** A TCP endpoint. `scopeId` is the interface index of a link-local IPv6 address, 0 otherwise. */
export interface Endpoint {
  readonly family: 4 | 6;
  /** 4 or 16 bytes in network order. */
  readonly bytes: Uint8Array;
  readonly port: number;
  readonly scopeId: number;
}

/**
 * The bytes of an address in its standard spelling, or undefined. Octal, hexadecimal and short forms of
 * IPv4 (`010.0.0.1`, `127.1`) are not addresses here: tools disagree on what they mean (S51).
 */
export function parseAddress(text: string): Uint8Array | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text) && !/(^|\.)0\d/.test(text)) {
    return Uint8Array.from(ipaddr.IPv4.parse(text).toByteArray());
  }
  if (!text.includes(':') || text.includes('%') || !ipaddr.IPv6.isValid(text)) return undefined;
  return Uint8Array.from(ipaddr.IPv6.parse(text).toByteArray());
}

/** `192.0.2.1` or the shortest IPv6 spelling of RFC 5952. */
export function formatAddress(bytes: Uint8Array): string {
  const address = ipaddr.fromByteArray(Array.from(bytes));
  return address instanceof ipaddr.IPv6 ? address.toRFC5952String() : address.toString();
}

/** `192.0.2.1:80` or `[2001:db8::1]:80`. */
export function formatEndpoint(endpoint: Endpoint): string {
  const host = formatAddress(endpoint.bytes);
  return endpoint.family === 4 ? `${host}:${endpoint.port}` : `[${host}]:${endpoint.port}`;
}

const MAPPED_PREFIX = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

/** The endpoint with an IPv4-mapped IPv6 address (`::ffff:a.b.c.d`) unwrapped to IPv4 (S47). */
export function unmapEndpoint(endpoint: Endpoint): Endpoint {
  if (endpoint.family === 4) return endpoint;
  if (!MAPPED_PREFIX.every((byte, index) => endpoint.bytes[index] === byte)) return endpoint;
  return { family: 4, bytes: endpoint.bytes.slice(12), port: endpoint.port, scopeId: 0 };
}
