/** What the name service knows of a user. */
export interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

export interface Account extends User {
  /** The home directory. */
  readonly home: string;
}

/**
 * The whole surface of the addon (addon/calls.h). Each function is one system call or one documented
 * sequence; a negative result is -errno. Callers outside src/native use the wrappers beside this file.
 */
export interface Binding {
  /** Calls back with how many pairs of token and epoll events are in `events`; gives the epoll descriptor. */
  pollerOpen(events: Uint32Array, callback: (count: number) => void): number;
  watch(epoll: number, fd: number, token: number, events: number): number;
  forget(epoll: number, fd: number): number;

  /** accept4(2): the connection, blocking and close-on-exec; `peer` gets the 24 bytes of an endpoint. */
  accept(listener: number, peer: Uint8Array): number;
  /** getsockname(2) */
  localEndpoint(fd: number, local: Uint8Array): number;
  /** SO_ORIGINAL_DST for a peer of this address family: where it meant to go, before a translation of addresses. */
  originalDestination(fd: number, family: number, destination: Uint8Array): number;
  /** getpeername(2) of a unix socket: how many bytes of a path are in `path`; 0 for none. */
  peerPath(fd: number, path: Uint8Array): number;
  /** The same as `accept` on a listener that is blocking, without waiting. */
  acceptWaiting(listener: number, peer: Uint8Array): number;
  /** Domain, type, protocol of a socket, and whether it listens; how many bytes of `address` are its own. */
  socketFacts(fd: number, facts: Int32Array, address: Uint8Array): number;
  /** How many connections wait to be accepted; 1 stands for any number where the kernel does not count them. */
  backlog(listener: number): number;
  /** SO_PEEK_OFF of socket(7): each peek is at the datagram after the last one from now on; -1 ends that. */
  peekOffset(fd: number, offset: number): number;
  /**
   * recvmsg(2) of one datagram without waiting: its length, which may exceed `bytes`. `ends` gets two endpoints:
   * the sender, and where it was sent to. `isPeek` 1: it stays.
   */
  receiveDatagram(fd: number, bytes: Uint8Array, ends: Uint8Array, isPeek: number): number;
  /** sendmsg(2) without waiting, to the first of two endpoints, from the second if it has a family. */
  sendDatagram(fd: number, bytes: Uint8Array, ends: Uint8Array): number;
  /** recv(2) with MSG_PEEK, without waiting; 0 is the end. */
  peek(fd: number, bytes: Uint8Array): number;
  /** sendmsg(2) without waiting, with one descriptor or -1. No bytes: only tells whether the other end is there. */
  send(fd: number, bytes: Uint8Array, passed: number): number;
  /** recvmsg(2) without waiting: how many bytes; `passed[0]` is the descriptor that came, or -1. */
  receive(fd: number, bytes: Uint8Array, passed: Int32Array): number;
  /**
   * sendmmsg(2) without waiting: `count` packets, one behind the other in `bytes`, each with a row of its length and a descriptor
   * or -1. How many went out; -errno when the first could not.
   */
  sendBatch(fd: number, bytes: Uint8Array, rows: Int32Array, count: number): number;
  /** recvmmsg(2) without waiting: as many packets as there are rows, each in its part of `bytes`. How many came. */
  receiveBatch(fd: number, bytes: Uint8Array, rows: Int32Array): number;
  /** read(2): how many bytes; 0 is the end. */
  read(fd: number, bytes: Uint8Array): number;
  /** socketpair(2) of unix stream sockets, blocking and close-on-exec. */
  socketPair(pair: Int32Array): number;
  /** The same of unix sockets that keep packets apart. */
  packetPair(pair: Int32Array): number;
  /** poll(2) for writing: 1 or 0. */
  writable(fd: number): number;
  /** shutdown(2) of the sending half. */
  shutdownWrite(fd: number): number;
  /** SO_ERROR of socket(7): 0, or -errno of a connect(2) that did not wait. */
  socketError(fd: number): number;
  /** TCP_NODELAY of tcp(7). */
  setNoDelay(fd: number): number;
  close(fd: number): number;

  /** getpwnam(3), getpwuid(3): 0 when there is no such user. */
  userByName(name: string): Account | number;
  userById(uid: number): Account | number;
  /** getgrnam(3): 1 with `gid[0]` set, or 0. */
  groupByName(name: string, gid: Uint32Array): number;
  /** getgrouplist(3): how many of `groups` are set. */
  groupsOf(name: string, gid: number, groups: Uint32Array): number;
  /** getservbyname(3): 0 when there is no such service. */
  servicePort(name: string, protocol: string): number;
  /** getaddrinfo(3): how many rows of a length and 16 bytes are in `rows`; 0 when there is no such host. */
  hostAddresses(name: string, rows: Uint8Array): number;
  /** getrpcbyname(3): 1 with `program[0]` set, or 0. */
  rpcProgram(name: string, program: Uint32Array): number;
  /** getnetgrent(3): how many names, each with a NUL behind it, are in `hosts`; 0 when there is no such netgroup. */
  netgroupHosts(name: string, hosts: Uint8Array): number;
  /** if_nametoindex(3): 0 when there is no such interface. */
  interfaceIndex(name: string): number;
  /** getnetbyname(3) for IPv4: 1 with the four bytes of `octets` set, or 0. */
  network(name: string, octets: Uint8Array): number;

  /** getrlimit(2): soft and hard of each limit by its number. */
  limits(pairs: Float64Array): number;
  /** memfd_create(2), filled and sealed. */
  sealedMemfd(bytes: Uint8Array): number;
  /** execve(2) with `kept` as descriptors 3 and up and nothing else of ours; returns only when it failed. */
  exec(path: string, argv: readonly string[], env: readonly string[], kept: Int32Array): number;
  /** fgetxattr(2): how many bytes of its value are in `value`. */
  attribute(fd: number, name: string, value: Uint8Array): number;
  /** flock(2), exclusive, without waiting. */
  lock(fd: number): number;
  /** prctl(2) PR_SET_DUMPABLE 0 */
  undumpable(): number;
  /** landlock_create_ruleset(2): the version of its interface. */
  landlockVersion(): number;
  /** prctl(2) PR_SET_SECCOMP: 1 where the kernel takes filters of system calls, or 0. */
  hasSeccomp(): number;
  /** seccomp(2) for all threads. */
  lockDown(program: Uint8Array): number;
}
