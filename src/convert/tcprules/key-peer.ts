import { parseName } from '../../config/name-notation.ts';
import { formatAddress, parseAddress } from '../../model/address.ts';
import type { RulePeer } from '../peer-rule.ts';

export type KeyPeer =
  | { readonly kind: 'peer'; readonly peer: RulePeer }
  /** No client is ever looked up by it. */
  | { readonly kind: 'never'; readonly reason: string }
  | {
      readonly kind: 'fault';
      readonly code: 'tcprules/ident' | 'tcprules/address';
      readonly reason: string;
      readonly help: string;
    };

const OCTETS = /^(?:(?:0|[1-9][0-9]{0,2})\.){1,3}(?:0|[1-9][0-9]{0,2})?$/;
const GROUPS = /^(?:[1-9a-f][0-9a-f]{0,3}:){1,7}$/;
const GROUP_BITS = 16;

function never(reason: string): KeyPeer {
  return { kind: 'never', reason };
}

function namePeer(name: string): KeyPeer {
  if (name === '') return { kind: 'peer', peer: { kind: 'named' } };
  const parsed = parseName(name);
  if ('reason' in parsed || name.endsWith('.')) return never('no name of a host is like that');
  if (parsed.kind === 'domain') return { kind: 'peer', peer: parsed };
  return { kind: 'peer', peer: { kind: 'host', name: parsed.name.toLowerCase() } };
}

function ipv4Peer(key: string): KeyPeer {
  const octets = key.split('.').filter((octet) => octet !== '');
  const isWhole = octets.length === 4;
  const bytes = parseAddress([...octets, '0', '0', '0'].slice(0, 4).join('.'));
  if (isWhole === key.endsWith('.'))
    return never('a prefix has one to three numbers, each with a dot behind it');
  if (!bytes) return never('a number of an address is 0 to 255');
  return { kind: 'peer', peer: { kind: 'network', bytes, length: 8 * octets.length } };
}

/** The text is compared, as the server writes the address: only where it can be that of a network it is one. */
function ipv6Peer(key: string): KeyPeer {
  const bytes = parseAddress(key);
  // What ends in a colon is the beginning of others as well.
  if (bytes?.length === 16 && formatAddress(bytes) === key && !key.endsWith(':')) {
    return { kind: 'peer', peer: { kind: 'network', bytes, length: 128 } };
  }
  const count = key.split(':').length - 1;
  const network = GROUPS.test(key) && parseAddress(`${key}${count < 7 ? ':' : '0'}`);
  if (network) return { kind: 'peer', peer: { kind: 'network', bytes: network, length: GROUP_BITS * count } };
  const help =
    'write the address as "2001:db8::1", or groups that are not zero with a colon behind each, as "2001:db8:"';
  const reason = 'tcpserver compares the text of an IPv6 address, and which that is cannot be told';
  return { kind: 'fault', code: 'tcprules/address', reason, help };
}

/** Whom a key is about. */
export function keyPeer(key: string): KeyPeer {
  if (key === '') return { kind: 'peer', peer: { kind: 'all' } };
  if (/^[^=]*@/.test(key)) {
    const reason = 'the name of a user comes from the client and proves nothing';
    return {
      kind: 'fault',
      code: 'tcprules/ident',
      reason,
      help: 'write the rule without what stands before "@"',
    };
  }
  if (key.startsWith('=')) return namePeer(key.slice(1));
  if (OCTETS.test(key)) return ipv4Peer(key);
  if (key.includes('/')) {
    const reason = 'to tcpserver a length means nothing, and to some of its descendants it does';
    return { kind: 'fault', code: 'tcprules/address', reason, help: 'write a prefix such as "10.2."' };
  }
  return key.includes(':')
    ? ipv6Peer(key)
    : never('it is neither an address nor a prefix, which ends in a dot');
}
