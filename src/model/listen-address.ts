import { type Endpoint, formatEndpoint } from './address.ts';
import { cidOf } from './local-peer.ts';

/** VMADDR_CID_ANY of vsock(7). */
const ANY_CID = 0xffff_ffff;

/** How a listener is written before `://`, after everything that only chooses addresses is resolved. */
export type ListenScheme = 'tcp' | 'udp' | 'unix' | 'unix-dgram' | 'unix-seqpacket' | 'vsock';

/** A unix socket; an abstract one begins with `@`, as unix(7) prints it. */
export interface UnixPath {
  readonly family: 'path';
  readonly path: string;
}

export type ListenAddress = Endpoint | UnixPath;

export interface ListenPlace {
  readonly scheme: ListenScheme;
  readonly address: ListenAddress;
}

/** Whether messages come in one by one, from whoever sends them. */
export function isDatagram(scheme: ListenScheme): boolean {
  return scheme === 'udp' || scheme === 'unix-dgram';
}

function describeAddress(address: ListenAddress): string {
  if (address.family === 'path') return address.path;
  if (address.family !== 'vsock') return formatEndpoint(address);
  const cid = cidOf(address.bytes);
  return `${cid === ANY_CID ? 'any' : cid}:${address.port}`;
}

/** As a configuration writes it: `udp://[::1]:69`, `unix:///run/x.sock`, `vsock://any:7`. */
export function describeListen({ scheme, address }: ListenPlace): string {
  return `${scheme}://${describeAddress(address)}`;
}
