import { decodeSockaddr } from '../compile/sockaddr.ts';
import { UsageError } from '../model/errors.ts';
import { FIRST_INHERITED, type InheritedSocket } from '../model/inherited-socket.ts';
import type { ListenPlace, ListenScheme } from '../model/listen-address.ts';
import type { Binding } from '../native/binding.ts';
import { checked, errnoName } from '../native/errno.ts';
import type { SocketFacts } from './facts.ts';

/** What the spawner can count (MAX_INHERITED of table.c). */
const MOST = 500;
const MOST_ADDRESS_BYTES = 128;
/** What sd_listen_fds_with_names(3) calls one that has no name. */
const NAMELESS = 'unknown';

const AF_UNIX = 1;
const AF_VSOCK = 40;
const IP: readonly number[] = [2, 10];
const IPPROTO_TCP = 6;
const IPPROTO_UDP = 17;
const IPPROTO_MPTCP = 262;
const STREAM = 1;
const DATAGRAM = 2;
const SEQPACKET = 5;

interface Start {
  readonly environment: NodeJS.ProcessEnv;
  readonly pid: number;
}

/** How many there are, when they are meant for this process. */
function countOf({ environment, pid }: Start): number {
  const { LISTEN_FDS: text, LISTEN_PID: meant } = environment;
  if (text === undefined || meant !== String(pid)) return 0;
  if (!/^(0|[1-9][0-9]{0,3})$/.test(text) || Number(text) > MOST) {
    throw new UsageError(
      `Cannot take over the sockets that LISTEN_FDS counts: "${text}" is no number up to ${MOST}`,
    );
  }
  return Number(text);
}

function look(binding: Binding, fd: number): SocketFacts['state'] {
  const facts = new Int32Array(4);
  const address = new Uint8Array(MOST_ADDRESS_BYTES);
  const length = binding.socketFacts(fd, facts, address);
  if (length < 0) return { code: errnoName(-length) };
  const [domain = 0, type = 0, protocol = 0, listens = 0] = facts;
  return { domain, type, protocol, listens: listens === 1, address: [...address.subarray(0, length)] };
}

/** What `run` was started with, before it becomes the spawner; the spawner has the descriptors, and knows no more of them. */
export function lookAtSockets(binding: Binding, start: Start): readonly SocketFacts[] {
  const names = start.environment['LISTEN_FDNAMES']?.split(':') ?? [];
  return Array.from({ length: countOf(start) }, (_, number) => ({
    ...{ number, name: names[number] || NAMELESS, state: look(binding, FIRST_INHERITED + number) },
  }));
}

/** The descriptors themselves, in the order of their numbers. */
export function descriptorsOf(sockets: readonly SocketFacts[]): readonly number[] {
  for (const { state, number } of sockets) {
    if ('code' in state && state.code === 'EBADF')
      checked(-9, { call: 'take over', subject: `descriptor ${FIRST_INHERITED + number}` });
  }
  return sockets.map(({ number }) => FIRST_INHERITED + number);
}

type Socket = Exclude<SocketFacts['state'], { readonly code: string }>;

function schemeOf({ domain, type, protocol }: Socket): ListenScheme | undefined {
  if (IP.includes(domain)) {
    if (type === STREAM) return protocol === IPPROTO_TCP || protocol === IPPROTO_MPTCP ? 'tcp' : undefined;
    return type === DATAGRAM && protocol === IPPROTO_UDP ? 'udp' : undefined;
  }
  if (domain === AF_VSOCK) return type === STREAM ? 'vsock' : undefined;
  if (domain !== AF_UNIX) return undefined;
  const kinds: Readonly<Record<number, ListenScheme>> = {
    ...{ [STREAM]: 'unix', [DATAGRAM]: 'unix-dgram', [SEQPACKET]: 'unix-seqpacket' },
  };
  return kinds[type];
}

function placeOf(socket: Socket): ListenPlace | undefined {
  const scheme = schemeOf(socket);
  const address = decodeSockaddr(Uint8Array.from(socket.address));
  return scheme && address && { scheme, address };
}

function stateOf(state: SocketFacts['state']): InheritedSocket['state'] {
  if ('code' in state)
    return { fault: state.code === 'ENOTSOCK' ? 'it is no socket' : `looking at it gives ${state.code}` };
  const place = placeOf(state);
  if (!place)
    return { fault: `a socket of family ${state.domain} and type ${state.type} is nothing to serve on` };
  if (state.type !== DATAGRAM && !state.listens) return { fault: 'it does not listen' };
  return { place, isMptcp: state.protocol === IPPROTO_MPTCP };
}

/** What the facts say, for the configuration. */
export function inheritedSockets(sockets: readonly SocketFacts[]): readonly InheritedSocket[] {
  return sockets.map(({ number, name, state }) => ({ number, name, state: stateOf(state) }));
}
