import type { Prefix } from '../model/prefix.ts';
import { parseAddressNotation } from './address-notation.ts';
import { parseIpv4Notation } from './ipv4-notation.ts';
import { parseName } from './name-notation.ts';
import type { NotationFault } from './notation-fault.ts';
import { parseZoned } from './zone-notation.ts';

/**
 * One entry of `only_from` or `no_access`. Addresses and names are different things from here on: a name is never
 * compared to an address, whatever it looks like (S43).
 */
export type AccessEntry =
  | {
      readonly kind: 'prefixes';
      readonly prefixes: readonly Prefix[];
      /** Zeros at the end stood for any number, as in xinetd: a prefix length says it better. */
      readonly trailingZeros: boolean;
    }
  /** A link-local prefix on the interface of this name; withZone makes a prefix of it. */
  | { readonly kind: 'zoned'; readonly prefix: Prefix; readonly zone: string }
  | { readonly kind: 'host'; readonly name: string }
  /** All names that end in `suffix`, which begins with a dot. */
  | { readonly kind: 'domain'; readonly suffix: string }
  /** A single word: a name of networks(5), or of a host without a domain. */
  | { readonly kind: 'network'; readonly name: string }
  | { readonly kind: 'file'; readonly path: string }
  /** Who is at the other end of a unix socket: an id, or a name to look up. */
  | { readonly kind: 'peer'; readonly of: 'uid' | 'gid'; readonly who: number | string };

const MOST_CHARACTERS = 255;
const FILE = 'file:';
/** What nothing but an IPv4 notation is made of. */
const IPV4_NOTATION = /^[0-9./-]+$/;

/** Texts that are refused whatever else they are, in this order. */
const REFUSED: readonly { readonly pattern: RegExp; readonly fault: NotationFault }[] = [
  { pattern: /^$/, fault: { reason: 'the text is empty' } },
  { pattern: /[\s\p{Cc}]/u, fault: { reason: 'there is white space in it' } },
  {
    pattern: /[^\x21-\x7e]/,
    fault: { reason: 'names are in ASCII', help: 'write the form that begins with "xn--"' },
  },
  {
    pattern: /@/,
    fault: {
      reason: 'what a client says of its user proves nothing, so that no rule can go by it',
      help: 'write the host or address alone',
    },
  },
  {
    pattern: /^=/,
    fault: {
      reason: '"=" marks host names in rules of tcpserver only',
      help: 'write the name alone: "host.example" or ".example"',
    },
  },
  { pattern: /^!/, fault: { reason: 'an entry cannot be negated', help: 'use the other list' } },
  { pattern: /[[\]]/, fault: { reason: 'an IPv6 address is written without brackets here' } },
  {
    pattern: /^(ALL|\*)$/,
    fault: { reason: 'addresses are meant', help: 'write "0.0.0.0/0" and "::/0"' },
  },
  {
    pattern: /^[^{]*,/,
    fault: { reason: 'a comma separates nothing here', help: 'write a list of several entries' },
  },
  { pattern: /^\//, fault: { reason: 'an address is missing', help: 'write a file as "file:/PATH"' } },
];

function parseFile(path: string): AccessEntry | NotationFault {
  if (!path.startsWith('/')) return { reason: 'the path of a file is absolute', help: 'write "file:/PATH"' };
  if (/\p{Cc}/u.test(path)) return { reason: 'there are control characters in the path' };
  return { kind: 'file', path };
}

/** `uid:` and `gid:` take numbers, `user:` and `group:` names. */
const PEER = /^(uid|gid|user|group):(.*)$/;
/** What setuid(2) takes: the largest number is nobody. */
const MOST_ID = 0xffff_fffe;
const ACCOUNT = /^[A-Za-z_][A-Za-z0-9_.-]{0,63}\$?$/;

function parsePeer(key: string, who: string): AccessEntry | NotationFault {
  const of = key === 'uid' || key === 'user' ? 'uid' : 'gid';
  if (key === 'user' || key === 'group') {
    if (ACCOUNT.test(who)) return { kind: 'peer', of, who };
    return { reason: `this is no name of a ${key}`, help: `write "${of}:NUMBER" or "${key}:NAME"` };
  }
  if (/^(0|[1-9][0-9]{0,9})$/.test(who) && Number(who) <= MOST_ID)
    return { kind: 'peer', of, who: Number(who) };
  return {
    reason: `"${key}:" takes a plain decimal number up to ${MOST_ID}`,
    help: `write a name as "${of === 'uid' ? 'user' : 'group'}:NAME"`,
  };
}

function parseIpv6(text: string): AccessEntry | NotationFault {
  if (text.includes('%')) return parseZoned(text);
  const prefixes = parseAddressNotation(text);
  if ('reason' in prefixes) return prefixes;
  // xinetd takes it for all of IPv6; no peer has it for an address.
  if (text !== '::') return { kind: 'prefixes', prefixes, trailingZeros: false };
  return {
    kind: 'prefixes',
    prefixes: prefixes.map(({ bytes }) => ({ bytes, length: 0 })),
    trailingZeros: true,
  };
}

/** Reads one entry. Nothing is looked up. */
export function parseAccessEntry(text: string): AccessEntry | NotationFault {
  if (text.length > MOST_CHARACTERS)
    return { reason: `the text is longer than ${MOST_CHARACTERS} characters` };
  if (text.startsWith(FILE)) return parseFile(text.slice(FILE.length));
  const refused = REFUSED.find(({ pattern }) => pattern.test(text));
  if (refused) return refused.fault;
  const [, key, who = ''] = PEER.exec(text) ?? [];
  if (key !== undefined) return parsePeer(key, who);
  if (text.includes(':')) return parseIpv6(text);
  if (text.includes('{') || IPV4_NOTATION.test(text)) {
    const parsed = parseIpv4Notation(text);
    return 'reason' in parsed ? parsed : { kind: 'prefixes', ...parsed };
  }
  return parseName(text);
}
