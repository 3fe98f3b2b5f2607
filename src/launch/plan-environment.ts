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

/** What xinetd writes where there is one handler for all who come. */
const NO_ADDRESS = '<no address>';

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

function xinetdValues({ peer, local }: Client): Values {
  if (!hasAddress(local)) return {};
  return { REMOTE_HOST: isNobody(peer) ? NO_ADDRESS : addressOf(peer) };
}

function cgiValues({ peer, isWaiting }: Client): Values {
  if (isWaiting || !hasAddress(peer)) return {};
  return { REMOTE_ADDR: addressOf(peer), REMOTE_PORT: String(peer.port) };
}

function unixValues({ peer, isWaiting }: Client): Values {
  const credentials = isWaiting ? undefined : credentialsOf(peer.bytes);
  if (!credentials) return { PROTO: 'UNIX' };
  const { uid, gid, pid } = credentials;
  return {
    ...{ PROTO: 'UNIX', UNIXREMOTEEUID: String(uid) },
    ...{ UNIXREMOTEEGID: String(gid), UNIXREMOTEPID: String(pid) },
  };
}

/** Both ends under the names of one protocol. */
function endsOf({ peer, local, isWaiting }: Client, prefix: 'TCP' | 'TCP6' | 'UDP'): Values {
  return {
    ...(!isWildcard(local) && { [`${prefix}LOCALIP`]: addressOf(local) }),
    [`${prefix}LOCALPORT`]: String(local.port),
    ...(!isWaiting && {
      [`${prefix}REMOTEIP`]: addressOf(peer),
      [`${prefix}REMOTEPORT`]: String(peer.port),
    }),
  };
}

/** UCSPI-1996: names begin with the protocol. Those of TCP stand beside TCP6's, as in ucspi-tcp6. */
function ucspiValues(client: Client): Values {
  const { family } = client.isWaiting ? client.local : client.peer;
  if (family === 'unix') return unixValues(client);
  if (family === 'vsock') return {};
  if (client.isDatagram) return { PROTO: 'UDP', ...endsOf(client, 'UDP') };
  if (family === 4) return { PROTO: 'TCP', ...endsOf(client, 'TCP') };
  return { PROTO: 'TCP6', ...endsOf(client, 'TCP6'), ...endsOf(client, 'TCP') };
}

const VALUES_OF: Readonly<Record<PeerEnvSet, (client: Client) => Values>> = {
  xinetd: xinetdValues,
  ucspi: ucspiValues,
  cgi: cgiValues,
};

/** What a handler is told of its client, by ascending numbers. What is not known is not there. */
export function planEnvironment(client: Client, sets: readonly PeerEnvSet[]): readonly PeerValue[] {
  const values: Values = {};
  for (const set of sets) Object.assign(values, VALUES_OF[set](client));
  const planned: PeerValue[] = [];
  for (const [number, name] of PEER_NAMES.entries()) {
    const text = values[name];
    if (text !== undefined) planned.push([number, text]);
  }
  return planned;
}
