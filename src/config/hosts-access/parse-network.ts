import { formatAddress, parseAddress } from '../../model/address.ts';
import type { HostPattern } from '../../model/hosts-rules.ts';
import { itemAt } from '../../model/item-at.ts';
import { quote } from '../quote.ts';
import type { HostsCode } from './hosts-problem.ts';

/** A pattern, or what is wrong with its text. */
export type Parsed =
  | { readonly pattern: HostPattern }
  | { readonly code: HostsCode; readonly reason: string; readonly help?: string | undefined };

const MAPPED = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

function maskOf(length: number, size: number): readonly number[] {
  return Array.from({ length: size }, (_, index) => {
    const bits = Math.min(8, Math.max(0, length - 8 * index));
    return (0xff << (8 - bits)) & 0xff;
  });
}

function network(bytes: Iterable<number>, mask: readonly number[]): Parsed {
  return { pattern: { kind: 'network', net: Array.from(bytes), mask } };
}

/** tcp_wrappers would never match an IPv4 network with host bits, and silently drop those of IPv6. */
function withoutHostBits(address: Uint8Array, options: { mask: readonly number[]; tail: string }): Parsed {
  const { mask, tail } = options;
  const net = address.map((byte, index) => byte & itemAt(mask, index));
  if (net.every((byte, index) => byte === address[index])) return network(net, mask);
  const text = address.length === 16 ? `[${formatAddress(net)}]` : formatAddress(net);
  return { code: 'hosts/host-bits', reason: 'bits behind the mask are set', help: `write "${text}${tail}"` };
}

/** `n.n.n.n/len` and `n.n.n.n/m.m.m.m`. */
export function parseIpv4Network(net: string, mask: string): Parsed {
  const address = parseAddress(net);
  if (address?.length !== 4) {
    const reason = `${quote(net)} is not an IPv4 address; an IPv6 network is written "[net]/length"`;
    return { code: 'hosts/bad-network', reason };
  }
  if (mask === '0') {
    const help = 'write "0.0.0.0/0.0.0.0" for all IPv4 addresses, or "ALL"';
    return { code: 'hosts/bad-network', reason: 'tcp_wrappers never matches a length of 0', help };
  }
  if (/^[1-9]\d?$/.test(mask) && Number(mask) <= 32) {
    return withoutHostBits(address, { mask: maskOf(Number(mask), 4), tail: `/${mask}` });
  }
  if (mask === '255.255.255.255') {
    const reason = 'tcp_wrappers never matches the mask of a single host';
    return { code: 'hosts/bad-network', reason, help: `write "${net}"` };
  }
  const bytes = parseAddress(mask);
  if (bytes?.length === 4) return withoutHostBits(address, { mask: Array.from(bytes), tail: `/${mask}` });
  return { code: 'hosts/bad-network', reason: `${quote(mask)} is neither a mask nor a length from 1 to 32` };
}

/** `10.` and `10.0.0.`: whole numbers from the left. */
export function parseIpv4Prefix(text: string): Parsed | undefined {
  const parts = text.slice(0, -1).split('.');
  if (!text.endsWith('.') || parts.length > 3) return undefined;
  const padded = [...parts, '0', '0', '0'].slice(0, 4).join('.');
  const address = parseAddress(padded);
  return address === undefined ? undefined : network(address, maskOf(8 * parts.length, 4));
}

function parseBracketed(inside: string): { readonly address: Uint8Array } | Parsed {
  if (inside.includes('%')) {
    const reason = 'the zone of an address is not known before there is a connection';
    return { code: 'hosts/zone', reason, help: 'leave the zone out' };
  }
  const address = parseAddress(inside);
  if (address?.length !== 16) {
    return { code: 'hosts/bad-pattern', reason: 'there is no IPv6 address between the brackets' };
  }
  if (!MAPPED.every((byte, index) => address[index] === byte)) return { address };
  const help = `write "${formatAddress(address.slice(12))}"`;
  return { code: 'hosts/mapped-address', reason: 'such a client is an IPv4 one', help };
}

/** `[v6]` and `[v6]/len`; undefined for what is not in brackets. */
export function parseIpv6(text: string): Parsed | undefined {
  if (!text.startsWith('[')) return undefined;
  const [, inside, length] = /^\[([^[\]]*)\](?:\/(.*))?$/.exec(text) ?? [];
  if (inside === undefined) return { code: 'hosts/bad-pattern', reason: 'the brackets do not match' };
  const parsed = parseBracketed(inside);
  if (!('address' in parsed)) return parsed;
  if (length === undefined) return network(parsed.address, maskOf(128, 16));
  if (!/^(0|[1-9]\d{0,2})$/.test(length) || Number(length) > 128) {
    return { code: 'hosts/bad-network', reason: `${quote(length)} is not a length from 0 to 128` };
  }
  return withoutHostBits(parsed.address, { mask: maskOf(Number(length), 16), tail: `/${length}` });
}

/** A single IPv4 address. */
export function parseIpv4(text: string): Parsed | undefined {
  const address = parseAddress(text);
  return address?.length === 4 ? network(address, maskOf(32, 4)) : undefined;
}
