import { askHost } from '../../config/ask-host.ts';
import { quote } from '../../config/quote.ts';
import type { MapEntry } from '../../config/syntax-node.ts';
import { formatAddress, parseAddress } from '../../model/address.ts';
import { isMulticast } from '../../model/is-multicast.ts';
import { entryOf, scalarNode } from '../tree.ts';
import type { Word } from './entry.ts';
import { firstWord } from './first-word.ts';
import { ipv4Address } from './ipv4-address.ts';
import { parseSwitch } from './parse-switch.ts';
import { parseWhole } from './parse-whole.ts';
import { refuseValue } from './refuse-value.ts';
import type { ShapedEntry } from './shaped-entry.ts';

const MOST_PORT = 65_535;

/** The port that services(5) has must be the one that is written; undefined after a report. */
function checkPort(port: number, word: Word, shaped: ShapedEntry): number | undefined {
  const { entry, shape, report, host } = shaped;
  if (shape.types.has('unlisted') || !host) return port;
  const found = askHost(() => host.findPort(entry.name.text, shape.transport), { report, at: word.place });
  if (found.failed) return undefined;
  const known = found.value;
  if (known === port) return port;
  const name = quote(entry.name.text);
  const message =
    known === undefined
      ? `Cannot find service ${name}: services(5) has no such name for ${shape.transport}`
      : `Cannot use port ${port} for service ${name}: services(5) has ${known}`;
  const help = 'write "type = UNLISTED" if the port is meant';
  return void report.add({ code: 'xinetd/port', at: word.place, message, help });
}

/** A number, or the name of the service; undefined after a report. */
function portText(shaped: ShapedEntry): string | undefined {
  const { entry, report, shape } = shaped;
  const word = firstWord(entry, 'port');
  if (shape.door === 'rpc') return '0';
  if (word) {
    const port = parseWhole({ name: 'port', word, least: 0, most: MOST_PORT }, report);
    const checked = port === undefined ? undefined : checkPort(port, word, shaped);
    return checked === undefined ? undefined : String(checked);
  }
  // A name of digits would be taken for a port.
  if (!/^[0-9]+$/.test(entry.name.text)) return entry.name.text;
  const message = `Cannot find service ${quote(entry.name.text)}: a name of services(5) is no number`;
  const help = 'write "port", and "type = UNLISTED"';
  return void report.add({ code: 'xinetd/port', at: entry.name.place, message, help });
}

function warnOfGroup(bytes: Uint8Array, word: Word, { report }: ShapedEntry): void {
  if (!isMulticast(bytes) || isMulticast(bytes.toReversed())) return;
  const message = `Joined the multicast group ${quote(word.text)}: xinetd looks at the last number of the address by mistake, and does not`;
  report.add({ code: 'xinetd/multicast', at: word.place, message });
}

/** A literal address of the family that the flags leave. */
function literalHost(bytes: Uint8Array, word: Word, shaped: ShapedEntry): string | undefined {
  const { shape, report } = shaped;
  const family = bytes.length === 4 ? 4 : 6;
  if (shape.isIpv4 !== (family === 4)) {
    const reason = `it is an address of IPv${family}, and "flags" says otherwise`;
    return refuseValue({ name: 'bind', word, reason }, report);
  }
  if (family === 4) warnOfGroup(bytes, word, shaped);
  return family === 4 ? formatAddress(bytes) : `[${formatAddress(bytes)}]`;
}

/** xinetd listens on one address of a name: the first of IPv6, or of the family in `flags`. */
function nameHost(word: Word, { shape, report }: ShapedEntry): { suffix: string; host: string } {
  const { flags, isIpv4 } = shape;
  const suffix = flags.has('ipv4') || flags.has('ipv6') ? (isIpv4 ? '4' : '6') : '';
  const message = `Listened on all addresses of ${quote(word.text)}: xinetd takes one of them`;
  const help = 'write the address that is meant';
  report.add({ code: 'xinetd/bind-name', at: word.place, message, help });
  return { suffix, host: word.text };
}

/** Whether the IPv6 socket is for IPv6 only. Setting it at all in the service does that; in `defaults` nothing does. */
function isV6only(shaped: ShapedEntry): boolean {
  const { entry, report } = shaped;
  const attribute = entry.attributes.get('v6only');
  const value = parseSwitch('v6only', shaped);
  if (!attribute || value === undefined) return false;
  const isOwn = attribute.from === 'service';
  if (isOwn !== value) {
    const message = isOwn
      ? 'Took "v6only = no" for "yes", as xinetd does: setting it at all turns it on'
      : 'Ignored "v6only", as xinetd does: in "defaults" it has no effect';
    const help = isOwn ? 'remove it to serve IPv4 as well' : 'set it in each service';
    report.add({ code: 'xinetd/v6only', at: attribute.at, message, help });
  }
  return isOwn;
}

/**
 * xinetd has one socket of IPv6 for both families, and gives handlers a socket of IPv4 where the client is one. Two
 * sockets come to the same; whoever accepts by itself gets the one.
 */
function everyFamily({ shape }: ShapedEntry): string {
  return shape.isWaiting || shape.door === 'rpc' ? '46' : '';
}

const EVERYWHERE = ['0.0.0.0', '::'];

/** What stands before the colon of the port; undefined after a report. */
function hostOf(shaped: ShapedEntry): { readonly suffix: string; readonly host: string } | undefined {
  const { entry, shape, report } = shaped;
  const word = firstWord(entry, 'bind');
  const everySuffix = isV6only(shaped) ? '6' : everyFamily(shaped);
  const isEverywhere =
    !word || (EVERYWHERE.includes(word.text) && shape.isIpv4 === (word.text === '0.0.0.0'));
  if (isEverywhere) return { suffix: shape.isIpv4 ? '4' : everySuffix, host: '*' };
  const bytes = word.text.includes(':') ? parseAddress(word.text) : ipv4Address(word.text);
  if (bytes) {
    const host = literalHost(bytes, word, shaped);
    return host === undefined ? undefined : { suffix: '', host };
  }
  // With a zone; zinetd says itself what it makes of that.
  if (word.text.includes('%')) return { suffix: '', host: `[${word.text}]` };
  if (/[:]|^[0-9.]*$/.test(word.text)) {
    return refuseValue({ name: 'bind', word, reason: 'it is not an address' }, report);
  }
  return nameHost(word, shaped);
}

/** Where the service listens; undefined after a report. */
export function listenEntry(shaped: ShapedEntry): MapEntry | undefined {
  const { entry, shape } = shaped;
  const at = firstWord(entry, 'port')?.place ?? entry.name.place;
  if (shape.door === 'mux') {
    const text = `tcpmux://${shape.types.has('tcpmuxplus') ? '+' : ''}${entry.name.text}`;
    return entryOf('listen', scalarNode(text, entry.name.place));
  }
  const host = hostOf(shaped);
  const port = portText(shaped);
  if (!host || port === undefined) return undefined;
  const text = `${shape.transport}${host.suffix}://${host.host}:${port}`;
  return entryOf('listen', scalarNode(text, firstWord(entry, 'bind')?.place ?? at));
}
