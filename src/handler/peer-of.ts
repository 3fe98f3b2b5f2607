import { isIP, type Socket } from 'node:net';
import type { Peer } from './connection.ts';

/** Names of address and port of CGI and systemd, of UCSPI, and of xinetd, whose handlers ask for the port themselves. */
const NAMES: readonly (readonly [address: string, port: string])[] = [
  ['REMOTE_ADDR', 'REMOTE_PORT'],
  ['TCPREMOTEIP', 'TCPREMOTEPORT'],
  ['TCP6REMOTEIP', 'TCP6REMOTEPORT'],
  ['REMOTE_HOST', 'REMOTE_PORT'],
];

/** Whoever listens with one socket for IPv4 and IPv6 sees the former as ::ffff:192.0.2.1. */
function withoutMapping(address: string): string {
  return address.toLowerCase().startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}

function peerOfSocket({ remoteAddress, remotePort }: Socket): Peer | undefined {
  return remoteAddress === undefined
    ? undefined
    : { address: withoutMapping(remoteAddress), port: remotePort };
}

/**
 * What was told comes first: the other end of the socket may be a proxy or a relay. `told` is undefined where it is
 * about no connection in particular.
 */
export function peerOf(socket: Socket, told: ReadonlyMap<string, string> | undefined): Peer | undefined {
  const actual = peerOfSocket(socket);
  for (const [addressName, portName] of NAMES) {
    const address = withoutMapping(told?.get(addressName) ?? '');
    if (isIP(address) === 0) continue;
    const port = told?.get(portName);
    if (port === undefined) return address === actual?.address ? actual : { address, port };
    return { address, port: Number(port) };
  }
  return actual;
}
