import { parseAddress } from '../model/address.ts';
import type { Prefix } from '../model/prefix.ts';
import { parseAddressNotation, parseRange } from './address-notation.ts';
import type { NotationFault } from './notation-fault.ts';

/** What an IPv4 notation means. */
export interface Ipv4Notation {
  readonly prefixes: readonly Prefix[];
  readonly trailingZeros: boolean;
}

const OCTET = '(?:0|[1-9][0-9]{0,2})';
/** tcpserver's `10.2.` and `10.2-3.`; and `1.2.3.37-53`, which has no dot at its end. */
const OPEN_PREFIX = new RegExp(`^((?:${OCTET}\\.){0,2})(${OCTET})(?:-(${OCTET}))?\\.$`);
const LAST_OCTETS = new RegExp(`^((?:${OCTET}\\.){3})(${OCTET})-(${OCTET})$`);
/** xinetd's `10.1.{2,3}`. */
const FACTORISED = new RegExp(`^((?:${OCTET}\\.){0,3})\\{(${OCTET}(?:,${OCTET})*)\\}$`);

/** One or more neighbouring numbers as the octet that follows `head`; the octets after it are free. */
function rangeOf(head: string, { first, last }: { first: number; last: number }) {
  const octets = head.split('.').slice(0, -1);
  const fill = (octet: number, rest: string): Uint8Array | undefined =>
    parseAddress([...octets, octet, ...Array(3 - octets.length).fill(rest)].join('.'));
  const [low, high] = [fill(first, '0'), fill(last, '255')];
  return low && high ? parseRange(low, high) : { reason: 'an octet is 0 to 255' };
}

/** Runs of neighbours among the numbers, so that `{4,5,6,7}` is one prefix. */
function runsOf(numbers: readonly number[]): readonly { first: number; last: number }[] {
  const runs: { first: number; last: number }[] = [];
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run && number <= run.last + 1) run.last = number;
    else runs.push({ first: number, last: number });
  }
  return runs;
}

function parseFactorised(text: string): readonly Prefix[] | NotationFault {
  const [, head, list] = FACTORISED.exec(text) ?? [];
  if (head === undefined || list === undefined) {
    return { reason: 'braces hold decimal octets and end the entry', help: 'write it as in "10.1.{2,3}"' };
  }
  const parts = runsOf(list.split(',').map(Number)).map((run) => rangeOf(head, run));
  const fault = parts.find((part) => 'reason' in part);
  return fault ?? parts.flatMap((part) => ('reason' in part ? [] : part));
}

/** In xinetd's way: zeros at the end of an address stand for any number. */
function withTrailingZeros(bytes: Uint8Array): Ipv4Notation {
  const octets = bytes.findLastIndex((byte) => byte !== 0) + 1;
  return { prefixes: [{ bytes, length: octets * 8 }], trailingZeros: octets < 4 };
}

function parsePlain(text: string): readonly Prefix[] | NotationFault {
  if (text.includes('{')) return parseFactorised(text);
  const [, head, first, last] = OPEN_PREFIX.exec(text) ?? LAST_OCTETS.exec(text) ?? [];
  if (head === undefined || first === undefined) return parseAddressNotation(text);
  return rangeOf(head, { first: Number(first), last: Number(last ?? first) });
}

/** Reads what has digits, dots, "-", "/" and braces only. */
export function parseIpv4Notation(text: string): Ipv4Notation | NotationFault {
  const address = parseAddress(text);
  if (address) return withTrailingZeros(address);
  const prefixes = parsePlain(text);
  return 'reason' in prefixes ? prefixes : { prefixes, trailingZeros: false };
}
