import { parseAddress } from '../model/address.ts';

/** A listener as written, read but not looked up. */
export interface ListenText {
  readonly bytes: Uint8Array;
  /** A number, or a name of services(5). */
  readonly port: number | string;
}

/** Why the text is no listener; `supported: false`: it is one, of a kind that is yet to come. */
export interface ListenFault {
  readonly reason: string;
  readonly supported: boolean;
}

const LATER = new Set(['udp', 'unix', 'unix-dgram', 'fd', 'tls', 'tcpmux']);
const SCHEME = /^([a-z][a-z0-9-]*):\/\/(.*)$/s;
const HOST_AND_PORT = /^(\[[^[\]]*\]|[^:[\]]*):([^:]*)$/s;
const PORT_NAME = /^[A-Za-z0-9](-?[A-Za-z0-9])*$/;
/** A number to some other program. */
const NUMBER_ELSEWHERE = /^0[xob][0-9a-f]+$|^[0-9]+e[0-9]+$/i;
const MOST_PORT = 65_535;
const MOST_TEXT = 256;

function fault(reason: string): ListenFault {
  return { reason, supported: true };
}

function later(reason: string): ListenFault {
  return { reason, supported: false };
}

function parsePort(text: string): number | string | undefined {
  if (/^[0-9]+$/.test(text)) {
    const port = Number(text);
    return /^(0|[1-9][0-9]*)$/.test(text) && port <= MOST_PORT ? port : undefined;
  }
  return PORT_NAME.test(text) && !NUMBER_ELSEWHERE.test(text) ? text : undefined;
}

function parseHost(host: string): Uint8Array | ListenFault {
  const bracketed = host.startsWith('[');
  const address = bracketed ? host.slice(1, -1) : host;
  if (bracketed && address.includes('%')) return later('a zone in an address is not supported yet');
  const bytes = parseAddress(address);
  if (!bytes) {
    return fault(`${bracketed ? 'the IPv6' : 'the IPv4'} address is not one (host names are not looked up)`);
  }
  if (bracketed !== (bytes.length === 16)) return fault('an IPv6 address, and no other, stands in brackets');
  if (bytes.length === 16 && bytes[0] === 0xfe && ((bytes[1] ?? 0) & 0xc0) === 0x80) {
    return later('a link-local address needs a zone, which is not supported yet');
  }
  return bytes;
}

/** Reads `tcp://HOST:PORT`. */
export function parseListen(text: string): ListenText | ListenFault {
  if (text.length > MOST_TEXT) return fault('the text is too long');
  const [, scheme, rest] = SCHEME.exec(text) ?? [];
  if (scheme === undefined || rest === undefined) return fault('must be written as tcp://HOST:PORT');
  if (LATER.has(scheme)) return later(`"${scheme}://" is not supported yet`);
  if (scheme !== 'tcp') return fault(`"${scheme}://" is not known, "tcp://" is`);
  const [, host, portText] = HOST_AND_PORT.exec(rest) ?? [];
  if (host === undefined || portText === undefined) return fault('must be written as tcp://HOST:PORT');
  const bytes = parseHost(host);
  if ('reason' in bytes) return bytes;
  const port = parsePort(portText);
  if (port === undefined) return fault('the port must be 0 to 65535 or a name of services(5)');
  return { bytes, port };
}
