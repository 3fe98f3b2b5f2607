import type { SyscallName } from '../../model/syscall-numbers.ts';
import type { Rule } from './rule.ts';
import { WORKER_RULES } from './worker-rules.ts';

const AF_UNIX = 1;
/** Those that lead to the other end alone: SOCK_STREAM and SOCK_SEQPACKET, apart from the flags. */
const PAIRS = [1, 5];
const SOCKET_TYPE = 0xf;
const SHUT_WR = 1;
const SOL_SOCKET = 1;
const SO_PEEK_OFF = 42;
const IPPROTO_TCP = 6;
const TCP_NODELAY = 1;

const DENIED: readonly SyscallName[] = [
  // It gets all its sockets from the spawner. connect(2) with AF_UNSPEC would end a listener that both hold.
  ...(['socket', 'bind', 'connect'] as const),
  // The listeners are the spawner's, too: what one dispatcher did to them, the next one would have to live with.
  ...(['shutdown', 'setsockopt'] as const),
];

/** One for datagrams could send to any socket of the machine (/dev/log, say), and descriptors with it. */
function pairAllowed(type: number): Rule {
  return {
    syscall: 'socketpair',
    action: 'allow',
    when: [
      { argument: 0, test: 'equals', value: AF_UNIX },
      { argument: 1, mask: SOCKET_TYPE, test: 'equals', value: type },
    ],
  };
}

function optionAllowed(level: number, name: number): Rule {
  return {
    syscall: 'setsockopt',
    action: 'allow',
    when: [
      { argument: 1, test: 'equals', value: level },
      { argument: 2, test: 'equals', value: name },
    ],
  };
}

/**
 * What the dispatcher may not do from its first instruction on. It accepts on listeners, sends and receives on
 * sockets and writes to descriptors that it inherited, reads its own code, and starts threads.
 */
export const DISPATCHER_RULES: readonly Rule[] = [
  // A pair for programs that it talks to itself (`decide`, TLS, pools); it leads nowhere else.
  ...PAIRS.map(pairAllowed),
  { syscall: 'socketpair', action: 'EPERM' },
  // Half of a connection that is relayed. A listener goes on listening; what it does to datagrams: decision 14.
  { syscall: 'shutdown', action: 'allow', when: [{ argument: 1, test: 'equals', value: SHUT_WR }] },
  // Looking at the second datagram of a socket, and the third: it changes nothing but where one looks.
  optionAllowed(SOL_SOCKET, SO_PEEK_OFF),
  optionAllowed(IPPROTO_TCP, TCP_NODELAY),
  ...DENIED.map((syscall): Rule => ({ syscall, action: 'EPERM' })),
  ...WORKER_RULES,
];
