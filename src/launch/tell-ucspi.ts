import type { Endpoint } from '../model/address.ts';
import { credentialsOf } from '../model/local-peer.ts';
import type { PeerName } from '../model/peer-names.ts';
import type { Client } from './client.ts';
import { isTold } from './known-peer.ts';
import type { ValueWriter } from './value-writer.ts';

/** Writes a value; false when there is none, or none that can be told. */
export type Tell = (client: Client, value: ValueWriter) => boolean;

/** What a client speaks as far as UCSPI-1996 has a word for it: names begin with it. */
export type Protocol = 'TCP' | 'TCP6' | 'UDP' | 'UNIX' | 'none';

/** What is told under a name, and of whom. */
export interface UcspiRow {
  readonly of: readonly Protocol[];
  readonly tell: Tell;
}

function isWildcard({ bytes }: Endpoint): boolean {
  for (const byte of bytes) if (byte !== 0) return false;
  return true;
}

const tellLocalIp: Tell = ({ local }, value) => !isWildcard(local) && value.address(local, 'local');
const tellLocalPort: Tell = ({ local }, value) => value.decimal(local.port);
const tellRemoteIp: Tell = (client, value) => isTold(client) && value.address(client.peer, 'peer');
const tellRemotePort: Tell = (client, value) => isTold(client) && value.decimal(client.peer.port);

/** Of those with one client. */
const tellOfSource: Tell = ({ ofSource, isWaiting }, value) =>
  !isWaiting && ofSource !== undefined && value.decimal(ofSource);

/** busybox tells of what was there before a translation of addresses. */
const tellDestinationIp: Tell = ({ destination, isWaiting }, value) =>
  !isWaiting && destination !== undefined && value.address(destination, 'peer');
const tellDestinationPort: Tell = ({ destination, isWaiting }, value) =>
  !isWaiting && destination !== undefined && value.decimal(destination.port);

/** Of whom the kernel knows who they are. */
function tellUnix(tell: (client: Client, known: { readonly value: ValueWriter } & Who) => boolean): Tell {
  return (client, value) => {
    const who = client.isWaiting ? undefined : credentialsOf(client.peer.bytes);
    return who !== undefined && tell(client, { ...who, value });
  };
}

type Who = NonNullable<ReturnType<typeof credentialsOf>>;

const tellUid = tellUnix((_, { value, uid }) => value.decimal(uid));
const tellGid = tellUnix((_, { value, gid }) => value.decimal(gid));
const tellPid = tellUnix((_, { value, pid }) => value.decimal(pid));

const TCP = ['TCP', 'TCP6'] as const;
const TCP6 = ['TCP6'] as const;
const UDP = ['UDP'] as const;
const UNIX = ['UNIX'] as const;

/** Those of TCP stand beside TCP6's, as in ucspi-tcp6; s6 counts; unix sockets have the names of ucspi-unix, and those of s6. */
export const UCSPI_ROWS: { readonly [Name in PeerName]?: UcspiRow } = {
  TCPLOCALIP: { of: TCP, tell: tellLocalIp },
  TCPLOCALPORT: { of: TCP, tell: tellLocalPort },
  TCPREMOTEIP: { of: TCP, tell: tellRemoteIp },
  TCPREMOTEPORT: { of: TCP, tell: tellRemotePort },
  TCP6LOCALIP: { of: TCP6, tell: tellLocalIp },
  TCP6LOCALPORT: { of: TCP6, tell: tellLocalPort },
  TCP6REMOTEIP: { of: TCP6, tell: tellRemoteIp },
  TCP6REMOTEPORT: { of: TCP6, tell: tellRemotePort },
  UDPLOCALIP: { of: UDP, tell: tellLocalIp },
  UDPLOCALPORT: { of: UDP, tell: tellLocalPort },
  UDPREMOTEIP: { of: UDP, tell: tellRemoteIp },
  UDPREMOTEPORT: { of: UDP, tell: tellRemotePort },
  UNIXREMOTEEUID: { of: UNIX, tell: tellUid },
  UNIXREMOTEEGID: { of: UNIX, tell: tellGid },
  UNIXREMOTEPID: { of: UNIX, tell: tellPid },
  TCPCONNNUM: { of: TCP, tell: tellOfSource },
  TCPORIGDSTADDR: { of: TCP, tell: tellDestinationIp },
  TCPORIGDSTPORT: { of: TCP, tell: tellDestinationPort },
  IPCREMOTEEUID: { of: UNIX, tell: tellUid },
  IPCREMOTEEGID: { of: UNIX, tell: tellGid },
  IPCREMOTEPATH: {
    of: UNIX,
    tell: tellUnix(({ path }, { value }) => path !== undefined && value.text(path)),
  },
  IPCCONNNUM: {
    of: UNIX,
    tell: tellUnix(({ ofSource }, { value }) => ofSource !== undefined && value.decimal(ofSource)),
  },
};

/** That of a client, or, where one handler is for all who come, that of the socket. */
export function protocolOf({ peer, local, isDatagram, isWaiting }: Client): Protocol {
  const { family } = isWaiting ? local : peer;
  if (family === 'unix') return 'UNIX';
  if (family !== 4 && family !== 6) return 'none';
  if (isDatagram) return 'UDP';
  return family === 4 ? 'TCP' : 'TCP6';
}
