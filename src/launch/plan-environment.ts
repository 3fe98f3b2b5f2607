import { type Endpoint, formatAddress } from '../model/address.ts';
import { credentialsOf } from '../model/local-peer.ts';
import { isNobody } from '../model/nobody.ts';
import type { PeerEnvSet } from '../model/peer-env.ts';
import { PEER_NAMES, type PeerName } from '../model/peer-names.ts';

/** A name by its number, and what it says. */
export type PeerValue = readonly [number: number, text: string];

/** Who has come, and where to. */
export interface Client {
  readonly peer: Endpoint;
  readonly local: Endpoint;
  readonly isDatagram: boolean;
  /** The handler gets the listener and meets many: `peer` is at most the first of them. */
  readonly isWaiting: boolean;
}

type Values = { [Name in PeerName]?: string };

/** A client, and the text of its address where it has one, made once for all sets. */
interface Known extends Client {
  readonly address: string | undefined;
}

/** What xinetd writes where there is one handler for all who come. */
const NO_ADDRESS = '<no address>';

/** Local address and port, those of the peer. */
const ENDS = {
  TCP: ['TCPLOCALIP', 'TCPLOCALPORT', 'TCPREMOTEIP', 'TCPREMOTEPORT'],
  TCP6: ['TCP6LOCALIP', 'TCP6LOCALPORT', 'TCP6REMOTEIP', 'TCP6REMOTEPORT'],
  UDP: ['UDPLOCALIP', 'UDPLOCALPORT', 'UDPREMOTEIP', 'UDPREMOTEPORT'],
} as const;

function hasAddress({ family }: Endpoint): boolean {
  return family === 4 || family === 6;
}

/** With the zone of a link-local one by its number (RFC 4007, 11.2): the address alone leads nowhere. */
function addressOf({ bytes, scopeId }: Endpoint): string {
  return scopeId === 0 ? formatAddress(bytes) : `${formatAddress(bytes)}%${scopeId}`;
}

function isWildcard({ bytes }: Endpoint): boolean {
  return bytes.every((byte) => byte === 0);
}

function tellXinetd(values: Values, { address, local }: Known): void {
  if (hasAddress(local)) values.REMOTE_HOST = address ?? NO_ADDRESS;
}

function tellCgi(values: Values, { address, peer, isWaiting }: Known): void {
  if (isWaiting || address === undefined) return;
  values.REMOTE_ADDR = address;
  values.REMOTE_PORT = String(peer.port);
}

function tellUnix(values: Values, { peer, isWaiting }: Known): void {
  values.PROTO = 'UNIX';
  const credentials = isWaiting ? undefined : credentialsOf(peer.bytes);
  if (!credentials) return;
  values.UNIXREMOTEEUID = String(credentials.uid);
  values.UNIXREMOTEEGID = String(credentials.gid);
  values.UNIXREMOTEPID = String(credentials.pid);
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

/** UCSPI-1996: names begin with the protocol. Those of TCP stand beside TCP6's, as in ucspi-tcp6. */
function tellUcspi(values: Values, client: Known): void {
  const { family } = client.isWaiting ? client.local : client.peer;
  if (family === 'unix') tellUnix(values, client);
  if (family !== 4 && family !== 6) return;
  const streams = family === 4 ? (['TCP'] as const) : (['TCP6', 'TCP'] as const);
  const prefixes = client.isDatagram ? (['UDP'] as const) : streams;
  values.PROTO = prefixes[0];
  tellEnds(values, client, prefixes);
}

const TELL: Readonly<Record<PeerEnvSet, (values: Values, client: Known) => void>> = {
  xinetd: tellXinetd,
  ucspi: tellUcspi,
  cgi: tellCgi,
};

/** What a handler is told of its client, by ascending numbers. What is not known is not there. */
export function planEnvironment(client: Client, sets: readonly PeerEnvSet[]): readonly PeerValue[] {
  // As a rule it is told nothing, and nothing is worked out for it.
  if (sets.length === 0) return [];
  const { peer } = client;
  const address = hasAddress(peer) && !isNobody(peer) ? addressOf(peer) : undefined;
  const values: Values = {};
  for (const set of sets) TELL[set](values, { ...client, address });
  const planned: PeerValue[] = [];
  for (let number = 0; number < PEER_NAMES.length; number++) {
    const name = PEER_NAMES[number];
    const text = name && values[name];
    if (text !== undefined) planned.push([number, text]);
  }
  return planned;
}
