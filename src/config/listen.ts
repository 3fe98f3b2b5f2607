import { isLinkLocal, parseAddress } from '../model/address.ts';
import { looksLikeAddress, parseHostName } from '../model/host-name.ts';
import { FIRST_INHERITED } from '../model/inherited-socket.ts';
import { MOST_SOCKET_PATH_BYTES } from '../model/most-socket-path-bytes.ts';

/** Which addresses of a host are meant: `both` is one IPv6 socket that takes IPv4 as well. */
export type FamilyChoice = 'any' | 4 | 6 | 'both';

/** A listener as written, read but not looked up. */
export type ListenText =
  | {
      readonly kind: 'inet';
      readonly scheme: 'tcp' | 'udp';
      readonly families: FamilyChoice;
      /** An address, a name, or `*`. */
      readonly host: Uint8Array | string;
      /** A number, or a name of services(5). */
      readonly port: number | string;
    }
  | {
      readonly kind: 'unix';
      readonly scheme: 'unix' | 'unix-dgram' | 'unix-seqpacket';
      /** Absolute, or a name behind `@`. */
      readonly path: string;
    }
  | { readonly kind: 'vsock'; readonly cid: number; readonly port: number }
  | { readonly kind: 'tcpmux'; readonly name: string; readonly isAnswered: boolean }
  /** No socket: a host that clients of another service ask for. */
  | { readonly kind: 'sni'; readonly door: string; readonly name: string }
  /** One that zinetd was started with: by its name, or its place among them. */
  | { readonly kind: 'fd'; readonly socket: string | number };

/** Why the text is no listener; `supported: false`: it is one, of a kind that is yet to come. */
export interface ListenFault {
  readonly reason: string;
  readonly supported: boolean;
}

/** What systemd takes as FileDescriptorName. */
const FD_NAME = /^[!-9;-~]{1,255}$/;
const SCHEME = /^([a-z][a-z0-9-]*):\/\/(.*)$/s;
const INET_SCHEME = /^(tcp|udp)(4|6|46|)$/;
const HOST_AND_PORT = /^(\[[^[\]]*\]|[^:[\]]*):([^:]*)$/s;
const PORT_NAME = /^[A-Za-z0-9]([A-Za-z0-9_+-]*[A-Za-z0-9_+])?$/;
/** A number to some other program. */
const NUMBER_ELSEWHERE = /^0[xob][0-9a-f]+$|^[0-9]+e[0-9]+$/i;
const MOST_PORT = 65_535;
const MOST_U32 = 0xffff_ffff;
/** VMADDR_CID_ANY of vsock(7); VMADDR_PORT_ANY is no port to listen on. */
const ANY_CID = MOST_U32;
const MOST_TEXT = 512;
/** A service, and a host or `*.` and the end of one. */
const SNI =
  /^([A-Za-z0-9][A-Za-z0-9_.+-]{0,63})\/((?:\*\.)?(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*)$/;
const MOST_HOST = 253;
/** RFC 1078 has no limit; its line of request has one here. */
const MUX_NAME = /^\+?[!-*,-~][!-~]{0,63}$/;

const FAMILIES: Readonly<Record<string, FamilyChoice>> = { '': 'any', '4': 4, '6': 6, '46': 'both' };

function fault(reason: string): ListenFault {
  return { reason, supported: true };
}

function later(reason: string): ListenFault {
  return { reason, supported: false };
}

function parseNumber(text: string, most: number): number | undefined {
  const value = Number(text);
  return /^(0|[1-9][0-9]*)$/.test(text) && value <= most ? value : undefined;
}

function parsePort(text: string): number | string | undefined {
  if (/^[0-9]+$/.test(text)) return parseNumber(text, MOST_PORT);
  return PORT_NAME.test(text) && !NUMBER_ELSEWHERE.test(text) ? text : undefined;
}

function parseLiteral(host: string): Uint8Array | ListenFault {
  const isBracketed = host.startsWith('[');
  const address = isBracketed ? host.slice(1, -1) : host;
  if (isBracketed && address.includes('%')) return later('a zone in an address is not supported yet');
  const bytes = parseAddress(address);
  if (!bytes) return fault(`the ${isBracketed ? 'IPv6' : 'IPv4'} address is not one`);
  if (isBracketed !== (bytes.length === 16))
    return fault('an IPv6 address, and no other, stands in brackets');
  if (isLinkLocal(bytes)) return later('a link-local address needs a zone, which is not supported yet');
  return bytes;
}

/** What ends in a number is an address, if a wrong one: the C library would guess at "0x7f.1" (S51). */
function parseHost(host: string): Uint8Array | string | ListenFault {
  if (host === '*') return host;
  if (host === '' || host.startsWith('[') || looksLikeAddress(host.toLowerCase())) return parseLiteral(host);
  return parseHostName(host) ?? fault('the host is no address and no name');
}

function isOfFamily(bytes: Uint8Array, families: FamilyChoice): boolean {
  if (families === 'any') return true;
  return families === 4 ? bytes.length === 4 : bytes.length === 16;
}

function parseInet(
  rest: string,
  { scheme, families }: { readonly scheme: 'tcp' | 'udp'; readonly families: FamilyChoice },
): ListenText | ListenFault {
  const [, hostText, portText] = HOST_AND_PORT.exec(rest) ?? [];
  if (hostText === undefined || portText === undefined) {
    return fault(`must be written as ${scheme}://HOST:PORT`);
  }
  const host = parseHost(hostText);
  if (typeof host === 'object' && 'reason' in host) return host;
  if (typeof host === 'object' && !isOfFamily(host, families)) {
    return fault(`the address is not of the family of "${scheme}${families === 'both' ? 46 : families}://"`);
  }
  const port = parsePort(portText);
  if (port === undefined) return fault('the port must be 0 to 65535 or a name of services(5)');
  return { kind: 'inet', scheme, families, host, port };
}

/** A name in the abstract namespace is bytes like any other, but has to be written down. */
function parseUnix(scheme: 'unix' | 'unix-dgram' | 'unix-seqpacket', path: string): ListenText | ListenFault {
  const isAbstract = path.startsWith('@') && path.length > 1;
  if (!isAbstract && !path.startsWith('/')) {
    return fault(`must be written as ${scheme}:///absolute/path or ${scheme}://@name`);
  }
  if (path.includes('\0') || path.endsWith('/')) return fault('the path must name a socket');
  if (!isAbstract && /\/(\.{0,2})(\/|$)/.test(path))
    return fault('the path must be without ".", ".." and "//"');
  if (Buffer.byteLength(path) > MOST_SOCKET_PATH_BYTES) {
    return fault(`the path is longer than ${MOST_SOCKET_PATH_BYTES} bytes`);
  }
  return { kind: 'unix', scheme, path };
}

function parseVsock(rest: string): ListenText | ListenFault {
  const [, cidText = '', portText = ''] = /^([^:]*):([^:]*)$/.exec(rest) ?? [];
  const cid = cidText === 'any' ? ANY_CID : parseNumber(cidText, MOST_U32 - 1);
  const port = parseNumber(portText, MOST_U32 - 1);
  if (cid === undefined || port === undefined) {
    return fault('must be written as vsock://CID:PORT, numbers, or "any" for the CID');
  }
  return { kind: 'vsock', cid, port };
}

function parseMux(rest: string): ListenText | ListenFault {
  if (!MUX_NAME.test(rest)) return fault('must be written as tcpmux://NAME or tcpmux://+NAME');
  const isAnswered = rest.startsWith('+');
  const name = (isAnswered ? rest.slice(1) : rest).toLowerCase();
  if (name === 'help') return fault('"help" is what asks tcpmux for the names of its services');
  return { kind: 'tcpmux', name, isAnswered };
}

function parseSni(rest: string): ListenText | ListenFault {
  const [, door = '', name = ''] = SNI.exec(rest) ?? [];
  if (name === '' || name.length > MOST_HOST)
    return fault('must be written as sni://SERVICE/HOST or sni://SERVICE/*.DOMAIN');
  return { kind: 'sni', door, name: name.toLowerCase() };
}

/** By number as sd_listen_fds(3) counts: the first is 3. */
function parseFd(rest: string): ListenText | ListenFault {
  if (/^[0-9]+$/.test(rest)) {
    const number = parseNumber(rest, MOST_PORT);
    if (number !== undefined && number >= FIRST_INHERITED)
      return { kind: 'fd', socket: number - FIRST_INHERITED };
    return fault(`the first socket that zinetd can be started with is fd://${FIRST_INHERITED}`);
  }
  if (!FD_NAME.test(rest)) return fault('must be written as fd://NAME or fd://NUMBER');
  return { kind: 'fd', socket: rest };
}

/** Reads `tcp://HOST:PORT` and its relatives: docs/reference/configuration.md has them all. */
export function parseListen(text: string): ListenText | ListenFault {
  if (text.length > MOST_TEXT) return fault('the text is too long');
  const [, scheme, rest] = SCHEME.exec(text) ?? [];
  if (scheme === undefined || rest === undefined) return fault('must be written as tcp://HOST:PORT');
  if (scheme === 'tls')
    return later('"tls://" is no kind of socket: write "tcp://", and the certificate under "tls"');
  const [, protocol, digits = ''] = INET_SCHEME.exec(scheme) ?? [];
  if (protocol === 'tcp' || protocol === 'udp') {
    return parseInet(rest, { scheme: protocol, families: FAMILIES[digits] ?? 'any' });
  }
  if (scheme === 'unix' || scheme === 'unix-dgram' || scheme === 'unix-seqpacket') {
    return parseUnix(scheme, rest);
  }
  if (scheme === 'vsock') return parseVsock(rest);
  if (scheme === 'tcpmux') return parseMux(rest);
  if (scheme === 'sni') return parseSni(rest);
  if (scheme === 'fd') return parseFd(rest);
  return fault(
    `"${scheme}://" is not known; tcp, udp, unix, unix-dgram, unix-seqpacket, vsock, tcpmux, sni, fd are`,
  );
}
