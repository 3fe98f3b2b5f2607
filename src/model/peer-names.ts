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
  'TCPCONNNUM',
  'TCPORIGDSTADDR',
  'TCPORIGDSTPORT',
  'IPCREMOTEEUID',
  'IPCREMOTEEGID',
  'IPCREMOTEPATH',
  'IPCCONNNUM',
  'ZINETD_CONNECTION_ID',
  'SSL_PROTOCOL',
  'SSL_CIPHER',
  'SSL_TLS_SNI_SERVERNAME',
  'SSL_PEER_CERT_HASH',
  'SSL_PEER_CERT_SUBJECT',
] as const;

export type PeerName = (typeof PEER_NAMES)[number];

const XINETD: ReadonlySet<PeerName> = new Set(['REMOTE_HOST']);
const CGI: ReadonlySet<PeerName> = new Set(['REMOTE_ADDR', 'REMOTE_PORT']);

const ZINETD: ReadonlySet<PeerName> = new Set(['ZINETD_CONNECTION_ID']);
const TLS: ReadonlySet<PeerName> = new Set([
  ...([
    'SSL_PROTOCOL',
    'SSL_CIPHER',
    'SSL_TLS_SNI_SERVERNAME',
    'SSL_PEER_CERT_HASH',
    'SSL_PEER_CERT_SUBJECT',
  ] as const),
]);

/** The rest is UCSPI's, with what s6 and busybox have added to it. */
function isUcspi(name: PeerName): boolean {
  return ![XINETD, CGI, ZINETD, TLS].some((set) => set.has(name));
}

const OF_SETS: Readonly<Record<PeerEnvSet, ReadonlySet<PeerName>>> = {
  xinetd: XINETD,
  cgi: CGI,
  ucspi: new Set(PEER_NAMES.filter(isUcspi)),
  zinetd: ZINETD,
  tls: TLS,
};

/** What a handler can be told by these sets. */
export function peerNamesOf(sets: readonly PeerEnvSet[]): readonly PeerName[] {
  return PEER_NAMES.filter((name) => sets.some((set) => OF_SETS[set].has(name)));
}
