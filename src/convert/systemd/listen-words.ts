import { quote } from '../../config/quote.ts';
import type { Report } from '../../config/report.ts';
import type { ListenWord } from './pair.ts';
import type { Word } from './text.ts';
import { lastOf, placeOfValue, type Setting, type Unit } from './unit.ts';
import { expandValue } from './words-of.ts';

type SocketType = 'stream' | 'datagram' | 'packets';

const TYPES: Readonly<Record<string, SocketType>> = {
  ListenStream: 'stream',
  ListenDatagram: 'datagram',
  ListenSequentialPacket: 'packets',
};
const UNIX: Readonly<Record<SocketType, string>> = {
  stream: 'unix',
  datagram: 'unix-dgram',
  packets: 'unix-seqpacket',
};
const PREFIX = 'Listen';
const MOST_PORT = 65_535;
const ADDRESS = /^(?:\[([^\]]*)\](?::([0-9]+))?(%.*)?|([0-9.]+):([0-9]+))$/;
const VSOCK = /^vsock(-stream)?:([0-9]*):([0-9]+)$/;

interface Context {
  readonly report: Report;
  readonly isV6only: boolean;
}

function refuse(setting: Setting, reason: string, { report }: Context): undefined {
  const message = `Cannot listen as "${setting.name}=${setting.value}" says: ${reason}`;
  report.add({ code: 'systemd/not-supported', at: placeOfValue(setting), message });
}

function ipWord(word: Word, text: string, type: SocketType): ListenWord {
  return { place: word.place, text, kind: 'ip', isTcp: type === 'stream' };
}

/** A socket of IPv6 takes IPv4 as well, unless told otherwise. */
function everywhere(port: string, { isV6only }: Context): string {
  return isV6only ? `6://[::]:${port}` : `46://[::]:${port}`;
}

function parseIp(
  setting: Setting,
  { word, type }: { word: Word; type: SocketType },
  context: Context,
): ListenWord | undefined {
  const scheme = type === 'stream' ? 'tcp' : 'udp';
  if (type === 'packets')
    return refuse(setting, 'packets over IP need SCTP, which zinetd does not have', context);
  const [port] = /[0-9]+(?=(%.*)?$)/.exec(word.text) ?? [];
  if (Number(port) < 1 || Number(port) > MOST_PORT) return refuse(setting, 'a port is 1 to 65535', context);
  if (/^[0-9]+$/.test(word.text)) return ipWord(word, `${scheme}${everywhere(word.text, context)}`, type);
  const [, ipv6, port6, zone = '', ipv4, port4] = ADDRESS.exec(word.text) ?? [];
  if (ipv6 === '::' && zone === '' && port6)
    return ipWord(word, `${scheme}${everywhere(port6, context)}`, type);
  if (ipv6 !== undefined && port6) return ipWord(word, `${scheme}://[${ipv6}${zone}]:${port6}`, type);
  if (ipv4 !== undefined) return ipWord(word, `${scheme}://${ipv4}:${port4}`, type);
  return refuse(setting, 'it is no path, no port and no address with a port', context);
}

function parseListen(setting: Setting, word: Word, context: Context): ListenWord | undefined {
  const type = TYPES[setting.name];
  if (!type) return refuse(setting, 'zinetd listens on sockets of IP, unix(7) and vsock(7) only', context);
  const { text, place } = word;
  if (text.startsWith('/')) return { place, text: `${UNIX[type]}://${text}`, kind: 'path', isTcp: false };
  if (text.startsWith('@')) return { place, text: `${UNIX[type]}://${text}`, kind: 'other', isTcp: false };
  const [vsock, , cid, port] = VSOCK.exec(text) ?? [];
  if (vsock === undefined) return parseIp(setting, { word, type }, context);
  if (type !== 'stream') return refuse(setting, 'zinetd has streams of vsock(7) only', context);
  return { place, text: `vsock://${cid === '' ? 'any' : cid}:${port}`, kind: 'other', isTcp: false };
}

function isV6only(unit: Unit, report: Report): boolean {
  const setting = lastOf(unit, 'Socket', 'BindIPv6Only');
  if (!setting || ['default', 'both', 'ipv6-only'].includes(setting.value)) {
    return setting?.value === 'ipv6-only';
  }
  const message = `Cannot use ${quote(setting.value)} for "BindIPv6Only=": must be default, both or ipv6-only`;
  report.add({ code: 'systemd/value', at: placeOfValue(setting), message });
  return false;
}

/** One empty line resets the sockets of all kinds. */
function effective(unit: Unit): readonly Setting[] {
  const all = unit.settings.filter(({ section, name }) => section === 'Socket' && name.startsWith(PREFIX));
  return all.slice(all.findLastIndex(({ value }) => value === '') + 1);
}

/** Where a socket unit listens, as far as zinetd can; the rest is in the report. */
export function listenWords(unit: Unit, report: Report): readonly ListenWord[] {
  const context = { report, isV6only: isV6only(unit, report) };
  return effective(unit).flatMap((setting) => {
    const word = expandValue(setting, { unit, isPerClient: false, report });
    const listen = word && parseListen(setting, word, context);
    return listen ? [listen] : [];
  });
}
