/** What a taken-over dispatcher tries by system calls, in the order of test/native/taken-over/; `got` is `allowed` or an errno. */
export interface TakenOverCall {
  readonly what: string;
  readonly got: string;
  /** Who refuses it, or why it does no harm. */
  readonly why: string;
}

export interface TakenOverCalls {
  readonly title: string;
  readonly calls: readonly TakenOverCall[];
}

type Row = readonly [what: string, got: string, why: string];

const SECCOMP = 'seccomp';
const LANDLOCK = 'Landlock';
const KERNEL = 'the kernel: another uid, no capability';

/** Those that are refused alike. */
function refused(got: string, why: string, whats: readonly string[]): readonly Row[] {
  return whats.map((what) => [what, got, why]);
}

const FILES: readonly Row[] = [
  ...refused('EACCES', LANDLOCK, ['open a file that anybody may read']),
  ...refused('EPERM', SECCOMP, ['open it by openat2']),
  ...refused('EACCES', LANDLOCK, [
    'open /etc/passwd',
    'open /etc/shadow',
    'open /etc/passwd below /proc/self/root',
    'list /',
    'list /proc',
  ]),
  ...refused('EPERM', SECCOMP, [
    'create a file where anybody may',
    'create a file without a name there',
    'make a directory there',
    'make a symbolic link there',
    'make a hard link there',
    'make a pipe there',
    'append to a file that anybody may write',
    'empty it by open',
    'empty it by truncate',
    'rename it',
    'remove it',
    'change its mode',
    'write to /dev/null',
  ]),
  ...refused('EACCES', LANDLOCK, [
    'open /dev/mem',
    'open /dev/kmsg',
    'open /dev/tty',
    'open /dev/ptmx',
    'open /dev/net/tun',
    'open a file of /proc/sys',
  ]),
  ...refused('EPERM', SECCOMP, [
    'make the kernel spare it when memory runs out',
    'open its log anew, for writing',
  ]),
  [
    'append to its log file',
    'allowed',
    'it writes the log: what it says from then on may be a lie, what it said before stays',
  ],
  ...refused('EPERM', SECCOMP, ['empty its log file']),
  [
    'overwrite its log file by an offset',
    'allowed',
    'the file is open for appending, so that the byte goes to its end',
  ],
  ...refused('EPERM', SECCOMP, [
    'overwrite its log file by pwritev2, not appending',
    'overwrite its log file by io_submit, not appending',
    'have its log file no longer append',
    'punch a hole into its log file',
    'reserve space in its log file by ioctl',
  ]),
  ['map its log file', 'EACCES', 'the kernel: it is open for writing only'],
  ['open Node, which it runs', 'allowed', 'its own code is all that it may read'],
  [
    'look at the size and the mode of a file',
    'allowed',
    'Landlock does not hide that a file is there, nor how large it is, where directories let one pass',
  ],
  ['open a file by name only (O_PATH)', 'allowed', 'it gives no right to read, write or execute it'],
  [
    'watch a file that anybody may read',
    'allowed',
    'it is how changes of the configuration are noticed; it tells that a file is used, and nothing of it',
  ],
];

const PROCESSES: readonly Row[] = [
  ...refused('EPERM', SECCOMP, [
    'execute a shell',
    'execute Node, which it runs',
    'execute what a descriptor leads to',
  ]),
  ['make a file in memory', 'allowed', 'it is memory'],
  ...refused('EPERM', SECCOMP, ['execute a file in memory']),
  [
    'have memory that it may write and execute',
    'allowed',
    'V8 compiles at run time; such code is in the same sandbox',
  ],
  ...refused('EPERM', SECCOMP, ['fork', 'vfork', 'make a process by clone']),
  [
    'make a process by clone3',
    'ENOSYS',
    'seccomp: its arguments cannot be looked at, and the C library uses clone instead',
  ],
  ['make a thread', 'allowed', 'Node has some; a filter holds for every thread'],
  ...refused('EPERM', SECCOMP, [
    'have a user namespace of its own',
    'make a process in a user namespace',
    'have a mount namespace of its own',
    'go over to another namespace',
    'signal the spawner',
    'signal a handler',
    'signal everybody',
    'signal the spawner by its thread',
  ]),
  ...refused('EPERM', KERNEL, ['abort the spawner by tgkill']),
  ...refused('EPERM', 'Landlock, which scopes signals', ['abort another process of its uid by tgkill']),
  ...refused('EPERM', SECCOMP, [
    'queue a signal for the spawner',
    'signal the spawner through its descriptor',
    'have the kernel signal the spawner when a descriptor is ready',
  ]),
  [
    'hold the spawner by a descriptor',
    'allowed',
    'it tells when the spawner ends; neither signals nor descriptors can be had by it',
  ],
  ...refused('EPERM', SECCOMP, [
    'take a descriptor of the spawner',
    'trace the spawner',
    'trace a handler',
    'let anybody trace it',
    'read the memory of the spawner',
    'read the memory of a handler',
    'write the memory of a handler',
  ]),
  ...refused('EACCES', LANDLOCK, [
    'open the memory of the spawner',
    'open the status of the spawner',
    'open the environment of a handler',
    'open the arguments of another process of its uid',
  ]),
  ...refused('EACCES', KERNEL, ['learn the program of the spawner']),
  ...refused('EPERM', SECCOMP, ['limit the descriptors of the spawner']),
  ...refused('EPERM', KERNEL, ['slow the spawner down', 'choose the processor of the spawner']),
  ...refused('EPERM', SECCOMP, ['compare descriptors of spawner and handler']),
  ...refused('EPERM', KERNEL, ['learn what the spawner has locked']),
  ['wait for a handler', 'ECHILD', 'handlers are children of the spawner'],
  ...refused('EPERM', KERNEL, ['be scheduled before all others']),
  ...refused('EPERM', SECCOMP, [
    'be dumpable again',
    'become root',
    'join the group of root',
    'change its groups',
    'take a capability',
  ]),
];

const SOCKETS: readonly Row[] = [
  ...refused('EPERM', SECCOMP, [
    'have a TCP socket',
    'have a UDP socket',
    'have a raw socket',
    'have a packet socket',
    'have a unix socket',
    'have a netlink socket',
    'have a socket of AF_ALG',
    'have a socket of AF_VSOCK',
  ]),
  ['have a pair of unix streams', 'allowed', 'each end leads to the other, and nowhere else'],
  ...refused('EPERM', SECCOMP, [
    'have a pair of unix datagram sockets',
    'have a pair of unix datagram sockets, called raw',
    'have a pair of another family',
    'give a listener to a unix socket of somebody, by a datagram',
  ]),
  [
    'give a listener to a unix socket of somebody, by a stream',
    'EISCONN',
    'the kernel: a pair of streams is connected',
  ],
  [
    'accept a client of a service',
    'allowed',
    'that is its trade: it has the connections of all services, and what is said in them until there is a handler',
  ],
  ['accept a client of a unix service', 'allowed', 'the same'],
  ...refused('EPERM', SECCOMP, ['connect the socket of a client to elsewhere']),
  [
    'connect the socket of a client with the first data (MSG_FASTOPEN)',
    'EISCONN',
    'the kernel: it is connected',
  ],
  [
    'connect a listener with the first data (MSG_FASTOPEN)',
    'EISCONN',
    'the kernel: one that listens cannot be connected',
  ],
  ...refused('EPERM', SECCOMP, ['dissolve a listener by connect']),
  [
    'dissolve a listener by data (MSG_FASTOPEN)',
    'EOPNOTSUPP',
    'the kernel: not without an address to connect to',
  ],
  ...refused('EPERM', SECCOMP, [
    'end a listener by shutdown',
    "end a listener's receiving by shutdown",
    'bind a listener to another port',
    'change the backlog of a listener',
    'share the port of a listener',
    'put a filter in front of a listener',
    'have the kernel signal the spawner for a socket',
    'ask for the interfaces of the machine',
  ]),
  ...refused('EPERM', KERNEL, ['claim to be root to the spawner']),
  ['send the spawner more descriptors than one can', 'EINVAL', 'the kernel: 253 are the most'],
  [
    'speak to the client of a service',
    'allowed',
    'it has the connection: it may answer in place of a handler',
  ],
  [
    "give a client's connection to a client of a unix service",
    'allowed',
    'it could pass on every byte as well; a local accomplice that may connect gets sockets by it, and never a file',
  ],
  [
    'send a datagram to anybody from the port of a datagram service',
    'allowed',
    'answers have to leave; a configuration without datagram services, and without logs to syslog, has no such socket',
  ],
];

const KERNEL_CALLS: readonly Row[] = refused('EPERM', SECCOMP, [
  'use io_uring',
  'use asynchronous input and output',
  'load a program of BPF',
  'measure by perf_event_open',
  'handle page faults (userfaultfd)',
  'add a key to a keyring',
  'read a keyring',
  'load a module',
  'load a module from a file',
  'start another kernel',
  'restart the machine',
  'switch swap on',
  'switch accounting on',
  'mount something',
  'unmount something',
  'open a file system',
  'copy a tree of mounts',
  'change its root',
  'swap the root',
  'set the clock',
  'name the machine',
  'read the log of the kernel',
  'have the handle of a file',
  'open a file by its handle',
  'have another personality',
  'share memory by System V',
  'have a queue of System V',
  'have semaphores of System V',
  'have a POSIX queue',
  'watch a whole file system (fanotify)',
  'have secret memory',
  'change where memory is',
  'use input and output ports',
  'change its segments',
]);

function group(title: string, rows: readonly Row[]): TakenOverCalls {
  return { title, calls: rows.map(([what, got, why]) => ({ what, got, why })) };
}

export const TAKEN_OVER_CALLS: readonly TakenOverCalls[] = [
  group('Files, devices and the log', FILES),
  group('Programs and other processes', PROCESSES),
  group('Sockets', SOCKETS),
  group('The kernel and the machine', KERNEL_CALLS),
];
