/** What a taken-over dispatcher asks of the spawner. The first row whose pattern fits a case of bad-dispatcher.py says what it gets. */
export interface TakenOverMessage {
  readonly cases: RegExp;
  readonly asks: string;
  readonly answer:
    | 'refused'
    | 'reload'
    | 'upgrade'
    | 'listener'
    | 'outlet'
    | 'launched'
    | 'failed'
    | 'exited'
    | 'local';
  /** Of the answer; undefined where it is what was asked for. */
  readonly error: string | undefined;
  readonly why: string;
}

type Message = readonly [
  RegExp,
  string,
  TakenOverMessage['answer'],
  TakenOverMessage['error'],
  TakenOverMessage['why'],
];

const MESSAGE_ROWS: readonly Message[] = [
  [/^size/, 'in a packet of another size', 'refused', 'EINVAL', 'it has one form'],
  [/^type/, 'for something that is not on the list', 'refused', 'ENOSYS', 'the list is closed'],
  [
    /(^|of )generation/,
    'by the numbers of a table that was, or is to be',
    'refused',
    'ESTALE',
    'a number never means another service than it meant when it was told',
  ],
  [
    /^(reserved|no descriptor|two descriptors|253 descriptors)$/,
    'for a launch with no descriptor, two, or 253, or with a field that it has not',
    'refused',
    'EINVAL',
    'one descriptor is looked at, and all that came are closed',
  ],
  [
    /^values/,
    'to tell a handler values with a newline, a NUL, any control or non-ASCII byte, out of order, of a name that there is not, or cut short',
    'refused',
    'EINVAL',
    'the bounds and the alphabet of values are checked; names are numbers, and those of a service are in the table',
  ],
  [/with a descriptor$/, 'for anything but a launch, with a descriptor', 'refused', 'EINVAL', 'it is closed'],
  [
    /^(reload|upgrade|sign of life) (with|while)/,
    'for a reload or an upgrade of something, or of another program, or while zinetd stops',
    'refused',
    'EINVAL',
    'that it is asked is all there is to say: the command line of the compiler is fixed',
  ],
  [
    /^(commit|abort) (of nothing|with)/,
    'to go over to a table that it was not told of, or that was a dry run',
    'refused',
    'EINVAL',
    'there is one table at the most, and the spawner has it from the compiler',
  ],
  [
    /^(reload|dry reload, by an id|flood)$/,
    'for reloads, as fast as it can',
    'reload',
    undefined,
    'at most ten a second are made, of the configuration as its owner wrote it',
  ],
  [
    /^upgrade$/,
    'for an upgrade, where the program that is installed says no',
    'upgrade',
    'EINVAL',
    'it is the program that root installed, tried ahead of time',
  ],
  [
    /(out of range|control socket's program with .*|^wait on the control socket)$/,
    'for a service, a variant of another service, an outlet that there is not, or a program of the control socket',
    'refused',
    'ENOENT',
    'numbers are compared with the table',
  ],
  [
    /^signal \d/,
    'to send another signal than TERM and KILL',
    'refused',
    'EINVAL',
    'two signals end handlers',
  ],
  [
    /^open of (a row|an open listener for|a peer's socket)/,
    'to open a listener that there is not, or one for a peer where peers have none',
    'refused',
    'EINVAL',
    'addresses are in the table',
  ],
  [
    /^open (of an open listener|a shared one without)/,
    'to open a listener that is open',
    'listener',
    undefined,
    'nothing is opened',
  ],
  [
    /^open for broadcast/,
    'to open a socket for a peer that is everybody',
    'listener',
    'EACCES',
    'the kernel connects nobody to a broadcast address',
  ],
  [
    /^open for a family/,
    'to open a socket for a peer of another family',
    'listener',
    'EAFNOSUPPORT',
    'none is made',
  ],
  [
    /^open for a peer/,
    'to open a socket for a peer of a service of datagrams',
    'listener',
    undefined,
    "it is at the service's own address, and leads to that peer only",
  ],
  [
    /^(slot|stop it by another serial|stop it again)/,
    'to signal what is no handler: a pid, a place that is free, a handler that is gone',
    'refused',
    'ESRCH',
    'what is signalled is a place that is never used again, and no pid is ever taken from it',
  ],
  [/^drained/, 'to end the dispatch while nothing stops', 'refused', 'EINVAL', 'a stop has phases'],
  [
    /^good outlet that leads nowhere/,
    'for a log that cannot be reached',
    'outlet',
    'ENOENT',
    'it is told why',
  ],
  [
    /^good outlet$/,
    'for a log of the configuration',
    'outlet',
    undefined,
    'it is open for appending, and no other path can be asked for',
  ],
  [
    /^(good|second|good relayed|good pooled|good wait) launch/,
    'for a handler, with a connection of that service',
    'launched',
    undefined,
    'that is its trade: the program, its user and its sandbox are those of the table',
  ],
  [
    /^over the cap$/,
    'for more handlers than the service may have',
    'failed',
    'EAGAIN',
    'the spawner counts for itself',
  ],
  [/^stop it$/, 'to end a handler', 'exited', undefined, 'it could close the connection as well'],
  [
    /^policy:/,
    'to write the policy, which later dispatchers read: shorter, longer, mapped, opened anew, with seals lifted',
    'local',
    'EPERM',
    'it is sealed by the kernel before anybody gets it',
  ],
  [
    /./,
    'for a handler with a file, a directory, a pipe, a file in memory, an epoll, its channel, a listener, the control socket, a client of another service, a socket that is connected to nobody',
    'refused',
    'EBADF',
    'the kernel is asked what it is and which port it came to; waiting for a listener is for the service that it belongs to',
  ],
];

export const TAKEN_OVER_MESSAGES: readonly TakenOverMessage[] = MESSAGE_ROWS.map(
  ([cases, asks, answer, error, why]) => ({ cases, asks, answer, error, why }),
);
