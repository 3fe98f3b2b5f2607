import { parseAccessEntry } from '../../config/access-entry.ts';
import { parseIpv4Notation } from '../../config/ipv4-notation.ts';
import { quote } from '../../config/quote.ts';
import type { Report } from '../../config/report.ts';
import { formatAddress, isMapped, parseAddress } from '../../model/address.ts';
import { type Prefix, prefixOf } from '../../model/prefix.ts';
import type { Word } from './entry.ts';
import { ipv4Address } from './ipv4-address.ts';

/** One word of an access list, and what is known of who will be compared to it. */
interface Subject {
  readonly word: Word;
  /** `only_from` or `no_access`. */
  readonly name: string;
  /** Clients have addresses of IPv4; else IPv4 ones are mapped, and rules of IPv6 can mean them. */
  readonly isIpv4: boolean;
  readonly report: Report;
}

const ALL_IPV4 = '0.0.0.0/0';
const MAPPED_BITS = 96;
const DOTTED = /^(0|[1-9][0-9]{0,2})(\.(0|[1-9][0-9]{0,2})){3}$/;
const NO_MATCH = 'xinetd compares it to no client that there is';

function text({ bytes, length }: Prefix): string {
  return `${formatAddress(prefixOf(bytes, length).bytes)}/${length}`;
}

/** Neither lets anybody in nor keeps anybody out, whatever it looks like. */
function never({ word, name, report }: Subject, reason: string, help: string): readonly string[] {
  const message = `Left out ${quote(word.text)} of "${name}", since it was never in force: ${reason}`;
  report.add({ code: 'xinetd/never-matches', at: word.place, message, help });
  return [];
}

function oddly({ word, name, report }: Subject, meaning: string, help: string): readonly string[] {
  const message = `Took ${quote(word.text)} in "${name}" for ${quote(meaning)}, as xinetd does`;
  report.add({ code: 'xinetd/odd-address', at: word.place, message, help });
  return [meaning];
}

/** A comma, broken braces or a dot too many disable the service. */
function refuse(
  { word, name, report }: Subject,
  reason: string,
  help: string | undefined,
): readonly string[] {
  const message = `Cannot use ${quote(word.text)} in "${name}": ${reason}`;
  report.add({ code: 'xinetd/address', at: word.place, message, help });
  return [];
}

/** What xinetd takes apart as numbers in the end, and finds a dot where none can be: it disables the service. */
const MISPLACED_DOT = /^(?:\.|[0-9.]*\.\.)/;

function skip(subject: Subject, help?: string): readonly string[] {
  const { word, name, report } = subject;
  if (MISPLACED_DOT.test(word.text)) return refuse(subject, 'a number must stand before each dot', help);
  const message = `Ignored ${quote(word.text)} in "${name}", as xinetd does: it is neither an address nor a name`;
  report.add({ code: 'xinetd/skipped-address', at: word.place, message, help });
  return [];
}

/** Zeros at the end stand for any number. */
function ipv4Texts(subject: Subject, bytes: Uint8Array): readonly string[] {
  const octets = bytes.findLastIndex((byte) => byte !== 0) + 1;
  const written = subject.word.text;
  if (!DOTTED.test(written)) {
    return oddly(subject, text({ bytes, length: octets * 8 }), 'write four decimal numbers, or a prefix');
  }
  return octets === 4 ? [written] : [text({ bytes, length: octets * 8 })];
}

/** What a prefix of IPv6 is, for clients of IPv4 as well where it covers their mapped form. */
function ipv6Prefix(subject: Subject, { bytes, length }: Prefix): readonly string[] {
  const { isIpv4 } = subject;
  if (isMapped(bytes) && length >= MAPPED_BITS) {
    if (!isIpv4) return [text({ bytes: bytes.slice(12), length: length - MAPPED_BITS })];
    return never(subject, NO_MATCH, 'write the IPv4 address');
  }
  const mapped = prefixOf(new Uint8Array([...new Uint8Array(10), 0xff, 0xff, 0, 0, 0, 0]), length).bytes;
  const own = prefixOf(bytes, length).bytes;
  const coversMapped = length <= MAPPED_BITS && own.every((byte, index) => byte === mapped[index]);
  return coversMapped && !isIpv4 ? [text({ bytes, length }), ALL_IPV4] : [text({ bytes, length })];
}

function ipv6Texts(subject: Subject, bytes: Uint8Array): readonly string[] {
  if (bytes.every((byte) => byte === 0)) return never(subject, NO_MATCH, 'write "::/0" for all of IPv6');
  if (isMapped(bytes)) return ipv6Prefix(subject, { bytes, length: 128 });
  return [formatAddress(bytes)];
}

function ipv4Prefix(
  subject: Subject,
  { bytes, length, rest }: Prefix & { readonly rest: string },
): readonly string[] {
  const prefix = { bytes, length: Math.min(32, length) };
  const [dotted = '', bits = ''] = subject.word.text.split('/');
  const isPlain = DOTTED.test(dotted) && /^[0-9]/.test(bits) && length <= 32 && rest === '';
  if (isPlain) return [text(prefix)];
  return oddly(subject, text(prefix), 'write four decimal numbers and the number of bits');
}

/** What follows the number is not looked at, so that a mask of dotted octets is more bits than there are. */
const PREFIX = /^([^/]{1,45})\/([+-]?[0-9]{1,9})(.*)$/;
/** What scanf(3) makes of a number below 0. */
const WRAP = 2 ** 32;

function prefixTexts(subject: Subject): readonly string[] {
  const [, address = '', digits = '', rest = ''] = PREFIX.exec(subject.word.text) ?? [];
  const length = Number(digits) < 0 ? WRAP + Number(digits) : Number(digits);
  const four = ipv4Address(address);
  if (four) return ipv4Prefix(subject, { bytes: four, length, rest });
  const six = address.includes(':') ? parseAddress(address) : undefined;
  if (!six) return isZoned(subject.word.text) ? [subject.word.text] : skip(subject);
  if (length < 128) return ipv6Prefix(subject, { bytes: six, length });
  const help = `write ${quote(formatAddress(six))} if it is meant`;
  return never(subject, 'xinetd takes an address of 128 bits for a name', help);
}

function isZoned(entry: string): boolean {
  const parsed = parseAccessEntry(entry);
  return 'kind' in parsed && parsed.kind === 'zoned';
}

function nameTexts(subject: Subject): readonly string[] {
  const written = subject.word.text;
  if (/^[0-9.]+$/.test(written)) return skip(subject);
  const parsed = parseAccessEntry(written);
  return 'reason' in parsed ? skip(subject, parsed.help) : [written];
}

function factorisedTexts(subject: Subject): readonly string[] {
  const parsed = parseIpv4Notation(subject.word.text);
  return 'reason' in parsed ? refuse(subject, parsed.reason, parsed.help) : [subject.word.text];
}

/** A word of `only_from` or `no_access` in our notations: one, none after a report, or two where both families are meant. */
export function addressTexts(subject: Subject): readonly string[] {
  const written = subject.word.text;
  if (written.includes('{')) return factorisedTexts(subject);
  if (written.includes(','))
    return refuse(subject, 'a comma parts nothing here', 'write blanks between entries');
  if (written.includes('/')) return prefixTexts(subject);
  if (!written.includes(':')) {
    const four = ipv4Address(written);
    return four ? ipv4Texts(subject, four) : nameTexts(subject);
  }
  const six = parseAddress(written);
  if (six) return ipv6Texts(subject, six);
  return isZoned(written) ? [written] : skip(subject);
}
