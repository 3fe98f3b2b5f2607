import type { Endpoint } from '../model/address.ts';
import { credentialsOf } from '../model/local-peer.ts';
import type { PeerName } from '../model/peer-names.ts';
import { addressOf } from './address-of.ts';
import type { Client } from './client.ts';

/** What is told by name. */
export type Values = { [Name in PeerName]?: string };

/** A client, and the text of its address where it has one, made once for all sets. */
export interface Known extends Client {
  readonly address: string | undefined;
}

/** Local address and port, those of the peer. */
const ENDS = {
  TCP: ['TCPLOCALIP', 'TCPLOCALPORT', 'TCPREMOTEIP', 'TCPREMOTEPORT'],
  TCP6: ['TCP6LOCALIP', 'TCP6LOCALPORT', 'TCP6REMOTEIP', 'TCP6REMOTEPORT'],
  UDP: ['UDPLOCALIP', 'UDPLOCALPORT', 'UDPREMOTEIP', 'UDPREMOTEPORT'],
} as const;

function isWildcard({ bytes }: Endpoint): boolean {
  return bytes.every((byte) => byte === 0);
}

/** Under the names of ucspi-unix, and under those of s6. */
function tellUnix(values: Values, { peer, isWaiting, ofSource, path }: Known): void {
  values.PROTO = 'UNIX';
  const credentials = isWaiting ? undefined : credentialsOf(peer.bytes);
  if (!credentials) return;
  values.UNIXREMOTEEUID = String(credentials.uid);
  values.UNIXREMOTEEGID = String(credentials.gid);
  values.UNIXREMOTEPID = String(credentials.pid);
  values.IPCREMOTEEUID = values.UNIXREMOTEEUID;
  values.IPCREMOTEEGID = values.UNIXREMOTEEGID;
  if (path !== undefined) values.IPCREMOTEPATH = path;
  if (ofSource !== undefined) values.IPCCONNNUM = String(ofSource);
}

function tellEnds(
  values: Values,
  { address, peer, local, isWaiting }: Known,
  prefixes: readonly (keyof typeof ENDS)[],
): void {
  const localAddress = isWildcard(local) ? undefined : addressOf(local);
  for (const prefix of prefixes) {
    const [localIp, localPort, remoteIp, remotePort] = ENDS[prefix];
    if (localAddress !== undefined) values[localIp] = localAddress;
    values[localPort] = String(local.port);
    if (isWaiting || address === undefined) continue;
    values[remoteIp] = address;
    values[remotePort] = String(peer.port);
  }
}

/** s6 counts, and busybox tells of what was there before a translation of addresses. */
function tellConnection(values: Values, { ofSource, destination }: Known): void {
  if (ofSource !== undefined) values.TCPCONNNUM = String(ofSource);
  if (!destination) return;
  values.TCPORIGDSTADDR = addressOf(destination);
  values.TCPORIGDSTPORT = String(destination.port);
}

/** UCSPI-1996: names begin with the protocol. Those of TCP stand beside TCP6's, as in ucspi-tcp6. */
export function tellUcspi(values: Values, client: Known): void {
  const { family } = client.isWaiting ? client.local : client.peer;
  if (family === 'unix') tellUnix(values, client);
  if (family !== 4 && family !== 6) return;
  const streams = family === 4 ? (['TCP'] as const) : (['TCP6', 'TCP'] as const);
  const prefixes = client.isDatagram ? (['UDP'] as const) : streams;
  values.PROTO = prefixes[0];
  tellEnds(values, client, prefixes);
  if (!client.isDatagram && !client.isWaiting) tellConnection(values, client);
}
