import { formatAddress } from '../model/address.ts';
import { assertNever } from '../model/assert-never.ts';
import { byteAt } from '../model/byte-at.ts';
import { matchesGlob } from '../model/glob.ts';
import type { HostPattern, NamePattern } from '../model/hosts-rules.ts';
import { isLocalPeer } from '../model/local-peer.ts';

/** What is known of the name of a peer. Names are forward-confirmed, in lower case, without a final dot. */
export type PeerName =
  | { readonly kind: 'known'; readonly name: string }
  | { readonly kind: 'unknown' }
  /** There is a name, but it does not lead back to the address (S42). */
  | { readonly kind: 'paranoid' }
  | { readonly kind: 'pending' };

/** Yes, no, or not before the name is known. */
export type Three = boolean | 'needs-name';

export interface Host {
  readonly address: Uint8Array;
  readonly name: PeerName;
}

/** `name` is in lower case. */
export function matchesName(pattern: NamePattern, name: string): boolean {
  switch (pattern.kind) {
    case 'all':
      return true;
    case 'name':
      return name === pattern.name;
    case 'domain':
      return name.length > pattern.suffix.length && name.endsWith(pattern.suffix);
    case 'name-prefix':
      return name.startsWith(pattern.prefix);
    case 'name-glob':
      return matchesGlob(name, pattern.glob);
    default:
      return assertNever(pattern);
  }
}

function isLinkLocal(address: Uint8Array): boolean {
  return address.length === 16 && address[0] === 0xfe && (byteAt(address, 1) & 0xc0) === 0x80;
}

/** The key of a link-local address holds the index of its interface in bytes 4 to 7, which no rule is about. */
function isInNetwork(address: Uint8Array, network: Extract<HostPattern, { kind: 'network' }>): boolean {
  if (address.length !== network.net.length || isLocalPeer(address)) return false;
  const isScoped = isLinkLocal(address);
  for (let index = 0; index < address.length; index++) {
    const byte = isScoped && index >= 4 && index < 8 ? 0 : byteAt(address, index);
    if ((byte & (network.mask[index] ?? 0)) !== network.net[index]) return false;
  }
  return true;
}

/** What only a known name can match; `matches` gets it in lower case. */
function byName(name: PeerName, matches: (name: string) => boolean): Three {
  if (name.kind === 'pending') return 'needs-name';
  return name.kind === 'known' && matches(name.name.toLowerCase());
}

function byNameKind(name: PeerName, kind: PeerName['kind']): Three {
  return name.kind === 'pending' ? 'needs-name' : name.kind === kind;
}

/** The first of a list that matches or needs the name ends the search, as in tcp_wrappers. */
function matchesAny(patterns: readonly HostPattern[], host: Host): Three {
  for (const pattern of patterns) {
    const one = matchesHost(pattern, host);
    if (one !== false) return one;
  }
  return false;
}

/** Whether a host is one that `pattern` means. */
export function matchesHost(pattern: HostPattern, host: Host): Three {
  switch (pattern.kind) {
    case 'all':
      return true;
    case 'network':
      return isInNetwork(host.address, pattern);
    case 'address-glob':
      return host.address.length === 4 && matchesGlob(formatAddress(host.address), pattern.glob);
    case 'known':
    case 'unknown':
    case 'paranoid':
      return byNameKind(host.name, pattern.kind);
    case 'local':
      return byName(host.name, (name) => !name.includes('.'));
    case 'netgroup':
      return byName(host.name, (name) => pattern.hosts.includes(name));
    case 'file':
      return matchesAny(pattern.patterns, host);
    case 'name':
    case 'domain':
    case 'name-prefix':
    case 'name-glob':
      return byName(host.name, (name) => matchesName(pattern, name));
    default:
      return assertNever(pattern);
  }
}
