import ipaddr from 'ipaddr.js';
import { formatLocalPeer } from './local-peer.ts';

/** One end of a connection. `scopeId` is the interface index of a link-local IPv6 address, 0 otherwise. */
export interface Endpoint {
  readonly family: 4 | 6 | 'unix' | 'vsock';
  /** 4 or 16 bytes in network order; those of a peer without an IP address are made in local-peer.ts. */
  readonly bytes: Uint8Array;
  readonly port: number;
  readonly scopeId: number;
}

/** Whether two endpoints are the same one. */
export function isSameEndpoint(a: Endpoint, b: Endpoint): boolean {
  if (a.family !== b.family || a.port !== b.port || a.scopeId !== b.scopeId) return false;
  return a.bytes.length === b.bytes.length && a.bytes.every((byte, index) => byte === b.bytes[index]);
}

/**
 * The bytes of an address in its standard spelling, or undefined. Octal, hexadecimal and short forms of
 * IPv4 (`010.0.0.1`, `127.1`) are not addresses here: tools disagree on what they mean (S51).
 */
export function parseAddress(text: string): Uint8Array | undefined {
  if (!text.includes(':')) return parseIpv4(text);
  const hexadecimal = withoutDottedTail(text);
  if (hexadecimal === undefined || text.includes('%') || !ipaddr.IPv6.isValid(hexadecimal)) return undefined;
  return Uint8Array.from(ipaddr.IPv6.parse(hexadecimal).toByteArray());
}

/** Four decimal octets, none with a zero in front. */
const DOTTED = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/;

/** By hand: ipaddr.js makes and catches an error for each text that is none, and a list has many of those. */
function parseIpv4(text: string): Uint8Array | undefined {
  const octets = DOTTED.exec(text)?.slice(1).map(Number);
  return octets?.every((octet) => octet <= 255) ? Uint8Array.from(octets) : undefined;
}

/**
 * `64:ff9b::c000:201` for `64:ff9b::192.0.2.1`: ipaddr.js takes `::192.0.2.1` for `::ffff:192.0.2.1`, and octal
 * octets too (S47, S51). Undefined when the tail is not an IPv4 address.
 */
function withoutDottedTail(text: string): string | undefined {
  if (!text.includes('.')) return text;
  const start = text.lastIndexOf(':') + 1;
  const tail = parseIpv4(text.slice(start));
  if (!tail) return undefined;
  const [a = 0, b = 0, c = 0, d = 0] = tail;
  return `${text.slice(0, start)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
}

/** `192.0.2.1` or the shortest IPv6 spelling of RFC 5952; `uid:1000` or `cid:3` of a local peer. */
export function formatAddress(bytes: Uint8Array): string {
  // By hand: it is in both records of every connection.
  if (bytes.length === 4) return `${bytes[0]}.${bytes[1]}.${bytes[2]}.${bytes[3]}`;
  const local = formatLocalPeer(bytes);
  if (local !== undefined) return local;
  const address = ipaddr.fromByteArray(Array.from(bytes));
  return address instanceof ipaddr.IPv6 ? address.toRFC5952String() : address.toString();
}

/** `192.0.2.1:80`, `[2001:db8::1]:80`, `3:80` of vsock(7), `uid:1000`. */
export function formatEndpoint(endpoint: Endpoint): string {
  const host = formatAddress(endpoint.bytes);
  if (endpoint.family === 'unix') return host;
  if (endpoint.family === 'vsock') return `${host.slice(host.indexOf(':') + 1)}:${endpoint.port}`;
  return endpoint.family === 4 ? `${host}:${endpoint.port}` : `[${host}]:${endpoint.port}`;
}

const MAPPED_PREFIX = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

/** Whether 16 bytes are `::ffff:a.b.c.d`. */
export function isMapped(bytes: Uint8Array): boolean {
  return bytes.length === 16 && MAPPED_PREFIX.every((byte, index) => bytes[index] === byte);
}

/** The endpoint with an IPv4-mapped IPv6 address (`::ffff:a.b.c.d`) unwrapped to IPv4 (S47). */
export function unmapEndpoint(endpoint: Endpoint): Endpoint {
  if (!isMapped(endpoint.bytes)) return endpoint;
  return { family: 4, bytes: endpoint.bytes.slice(12), port: endpoint.port, scopeId: 0 };
}

/** Whether the bytes are in fe80::/10: such an address means something on one link only. */
export function isLinkLocal(bytes: Uint8Array): boolean {
  return bytes.length === 16 && bytes[0] === 0xfe && ((bytes[1] ?? 0) & 0xc0) === 0x80;
}

/** In a key, where the interface of a link-local address is; the standard has zeros there (RFC 4291, 2.5.6). */
export const ZONE_OFFSET = 4;
/** Marks a link-local address that had something else there: it is equal to none that a rule can name. */
const ODD_LINK_LOCAL = 0x80;

/**
 * What rules and tables know an address by: its bytes, those of a link-local one with the index of its
 * interface inside, so that fe80::1 on one link is never fe80::1 on another (S50).
 */
export function addressKey(endpoint: Endpoint): Uint8Array {
  if (!isLinkLocal(endpoint.bytes)) return endpoint.bytes;
  const key = Uint8Array.from(endpoint.bytes);
  const view = new DataView(key.buffer);
  const isOdd = view.getUint32(ZONE_OFFSET) !== 0;
  view.setUint32(ZONE_OFFSET, endpoint.scopeId);
  if (isOdd) key[ZONE_OFFSET] = (key[ZONE_OFFSET] ?? 0) | ODD_LINK_LOCAL;
  return key;
}
