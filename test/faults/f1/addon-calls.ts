import { constants } from 'node:os';
import type { Binding } from '../../../src/native/binding.ts';
import { wrappedCalls } from './builds.ts';
import type { Row } from './loop.ts';
import { type Plan, PROCESSES } from './plan.ts';

const bytes = new Uint8Array(256);
const words = new Int32Array(64);
const ends = new Uint8Array(48);
const FD = 1;

/** Each function, the call in it that fails, and with what. */
export type AddonCall = readonly [
  name: string,
  call: string,
  errno: string,
  run: (binding: Binding) => unknown,
];

export const ADDON_CALLS: readonly AddonCall[] = [
  ['accept', 'accept4', 'EMFILE', (it) => it.accept(FD, ends)],
  ['acceptWaiting', 'ioctl', 'EINTR', (it) => it.acceptWaiting(FD, ends)],
  ['acceptWaiting', 'accept4', 'ENFILE', (it) => it.acceptWaiting(FD, ends)],
  ['backlog', 'poll', 'ENOMEM', (it) => it.backlog(FD)],
  ['peekOffset', 'setsockopt', 'ENOMEM', (it) => it.peekOffset(FD, 0)],
  ['socketFacts', 'getsockopt', 'ENOBUFS', (it) => it.socketFacts(FD, words, bytes)],
  ['localEndpoint', 'getsockname', 'ENOBUFS', (it) => it.localEndpoint(FD, ends)],
  ['originalDestination', 'getsockopt', 'ENOMEM', (it) => it.originalDestination(FD, 2, ends)],
  ['peerPath', 'getpeername', 'ENOBUFS', (it) => it.peerPath(FD, bytes)],
  ['receiveDatagram', 'recvmsg', 'ENOMEM', (it) => it.receiveDatagram(FD, bytes, ends, 0)],
  ['peek', 'recv', 'ENOMEM', (it) => it.peek(FD, bytes)],
  ['send', 'sendmsg', 'ENOBUFS', (it) => it.send(FD, bytes, -1)],
  ['receive', 'recvmsg', 'ENOMEM', (it) => it.receive(FD, bytes, words)],
  ['sendBatch', 'sendmmsg', 'ENOMEM', (it) => it.sendBatch(FD, bytes, Int32Array.of(1, -1), 1)],
  ['receiveBatch', 'recvmmsg', 'ENOMEM', (it) => it.receiveBatch(FD, bytes, words)],
  ['read', 'read', 'EIO', (it) => it.read(FD, bytes)],
  ['socketPair', 'socketpair', 'EMFILE', (it) => it.socketPair(words)],
  ['packetPair', 'socketpair', 'ENFILE', (it) => it.packetPair(words)],
  ['writable', 'poll', 'ENOMEM', (it) => it.writable(FD)],
  ['shutdownWrite', 'shutdown', 'ENOTCONN', (it) => it.shutdownWrite(FD)],
  ['socketError', 'getsockopt', 'ENOBUFS', (it) => it.socketError(FD)],
  ['setNoDelay', 'setsockopt', 'ENOBUFS', (it) => it.setNoDelay(FD)],
  ['watch', 'epoll_ctl', 'ENOSPC', (it) => it.watch(FD, FD, 1, 1)],
  ['pollerOpen', 'epoll_create1', 'EMFILE', (it) => it.pollerOpen(new Uint32Array(128), () => {})],
  ['pollerOpen', 'calloc', 'ENOMEM', (it) => it.pollerOpen(new Uint32Array(128), () => {})],
  ['userByName', 'getpwnam_r', 'EIO', (it) => it.userByName('root')],
  ['userById', 'getpwuid_r', 'EIO', (it) => it.userById(0)],
  ['groupByName', 'getgrnam_r', 'EMFILE', (it) => it.groupByName('root', new Uint32Array(1))],
  ['groupsOf', 'getgrouplist', 'ERANGE', (it) => it.groupsOf('root', 0, new Uint32Array(8))],
  ['servicePort', 'getservbyname_r', 'ERANGE', (it) => it.servicePort('finger', 'tcp')],
  ['rpcProgram', 'getrpcbyname_r', 'ERANGE', (it) => it.rpcProgram('nfs', new Uint32Array(1))],
  ['network', 'getnetbyname_r', 'ERANGE', (it) => it.network('loopback', bytes)],
  ['hostAddresses', 'getaddrinfo', 'EMFILE', (it) => it.hostAddresses('localhost', bytes)],
  ['hostAddresses', 'getaddrinfo', 'ENOMEM', (it) => it.hostAddresses('localhost', bytes)],
  ['hostAddresses', 'getaddrinfo', 'EAGAIN', (it) => it.hostAddresses('localhost', bytes)],
  ['interfaceIndex', 'if_nametoindex', 'EMFILE', (it) => it.interfaceIndex('lo')],
  ['limits', 'getrlimit', 'EPERM', (it) => it.limits(new Float64Array(32))],
  ['sealedMemfd', 'memfd_create', 'EMFILE', (it) => it.sealedMemfd(bytes)],
  ['sealedMemfd', 'write', 'ENOSPC', (it) => it.sealedMemfd(bytes)],
  ['sealedMemfd', 'fcntl', 'EBUSY', (it) => it.sealedMemfd(bytes)],
  ['attribute', 'fgetxattr', 'ENODATA', (it) => it.attribute(FD, 'user.none', bytes)],
  ['lock', 'flock', 'ENOLCK', (it) => it.lock(FD)],
  ['undumpable', 'prctl', 'EPERM', (it) => it.undumpable()],
  ['close', 'close', 'EIO', (it) => it.close(it.socketPair(words) === 0 ? (words[0] ?? -1) : -1)],
];

/** In which nothing has to be made to fail, for the other ways of the same lines. */
const AS_THEY_ARE: readonly AddonCall[3][] = [
  (it) => it.interfaceIndex('lo'),
  (it) => it.interfaceIndex('nowhere'),
  (it) => it.lock(FD),
  (it) => it.forget(FD, FD),
];

/** What it gives back when that call fails, and how often it did. */
export function failOne(
  [, call, errno, run]: AddonCall,
  { plan, binding }: { readonly plan: Plan; readonly binding: Binding },
): { readonly result: unknown; readonly wanted: number; readonly hits: number } {
  const error = constants.errno[errno as keyof typeof constants.errno];
  plan.arm({ process: PROCESSES.indexOf('run'), id: wrappedCalls().indexOf(call), error, nth: 1 });
  const result = run(binding);
  plan.disarm();
  // The other end of the pair that was made for it.
  if (call === 'close') binding.close(words[1] ?? -1);
  return { result, wanted: -error, hits: plan.hits };
}

/** All of them, for the report. */
export function failAddon(plan: Plan, binding: Binding): readonly Row[] {
  for (const run of AS_THEY_ARE) run(binding);
  return ADDON_CALLS.map((it) => {
    const [name, call, errno] = it;
    const { result, wanted, hits } = failOne(it, { plan, binding });
    return {
      ...{ scene: 'addon', process: name, call, errno, calls: 1, tried: hits > 0 ? [1] : [] },
      outcomes: { 'gives back why': 1 },
      violations: result === wanted ? [] : [`it gives back ${String(result)}`],
    };
  });
}
