import { createHmac } from 'node:crypto';
import { formatAddress } from '../model/address.ts';
import { formatLocalPeer } from '../model/local-peer.ts';
import type { AddressPrivacy } from '../model/log-policy.ts';
import { formatPrefix, prefixOf } from '../model/prefix.ts';

/** What a record has for the bytes of an address; undefined: nothing. */
export type ShowAddress = (bytes: Uint8Array) => string | undefined;

/** 64 bits: as good as unique among the clients of a machine, and short enough to be read out. */
const HASH_DIGITS = 16;
const MOST_KNOWN = 4096;

/** One client has one hash for as long as the key is the same; without the key nobody can try all addresses. */
function hashBy(key: Uint8Array): ShowAddress {
  const known = new Map<string, string>();
  return (bytes) => {
    const text = formatAddress(bytes);
    const found = known.get(text);
    if (found !== undefined) return found;
    if (known.size >= MOST_KNOWN) known.clear();
    const hash = `hash:${createHmac('sha256', key).update(text).digest('hex').slice(0, HASH_DIGITS)}`;
    known.set(text, hash);
    return hash;
  };
}

/** `192.0.2.0/24`. What has no network, such as the user at a unix socket, is left out. */
function truncateTo({ ipv4Prefix, ipv6Prefix }: Extract<AddressPrivacy, { kind: 'truncate' }>): ShowAddress {
  return (bytes) => {
    if (formatLocalPeer(bytes) !== undefined) return undefined;
    return formatPrefix(prefixOf(bytes, bytes.length === 4 ? ipv4Prefix : ipv6Prefix));
  };
}

/** What records of a service show of addresses; `key` is that of `hash`. */
export function showAddresses(privacy: AddressPrivacy, key: Uint8Array): ShowAddress {
  switch (privacy.kind) {
    case 'keep':
      return formatAddress;
    case 'truncate':
      return truncateTo(privacy);
    case 'hash':
      return hashBy(key);
    case 'omit':
      return () => undefined;
  }
}
