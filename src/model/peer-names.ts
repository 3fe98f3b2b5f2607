import type { PeerEnvSet } from './peer-env.ts';

/** The names that can tell a handler of its client, by number: src/native/spawner/environment.c has the same. */
export const PEER_NAMES = [
  'REMOTE_HOST',
  'REMOTE_ADDR',
  'REMOTE_PORT',
  'PROTO',
  'TCPLOCALIP',
  'TCPLOCALPORT',
  'TCPREMOTEIP',
  'TCPREMOTEPORT',
  'TCP6LOCALIP',
  'TCP6LOCALPORT',
  'TCP6REMOTEIP',
  'TCP6REMOTEPORT',
  'UDPLOCALIP',
  'UDPLOCALPORT',
  'UDPREMOTEIP',
  'UDPREMOTEPORT',
  'UNIXREMOTEEUID',
  'UNIXREMOTEEGID',
  'UNIXREMOTEPID',
] as const;

export type PeerName = (typeof PEER_NAMES)[number];

const XINETD: ReadonlySet<PeerName> = new Set(['REMOTE_HOST']);
const CGI: ReadonlySet<PeerName> = new Set(['REMOTE_ADDR', 'REMOTE_PORT']);

const OF_SETS: Readonly<Record<PeerEnvSet, ReadonlySet<PeerName>>> = {
  xinetd: XINETD,
  cgi: CGI,
  ucspi: new Set(PEER_NAMES.filter((name) => !XINETD.has(name) && !CGI.has(name))),
};

/** What a handler can be told by these sets. */
export function peerNamesOf(sets: readonly PeerEnvSet[]): readonly PeerName[] {
  return PEER_NAMES.filter((name) => sets.some((set) => OF_SETS[set].has(name)));
}
