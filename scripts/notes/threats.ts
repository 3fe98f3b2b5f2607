/** A test by its file and by what its title says, word for word. */
export type ShownBy = readonly [path: string, title: string];

export interface Claim {
  readonly says: string;
  readonly shownBy: readonly ShownBy[];
}

type Row = readonly [says: string, ...shownBy: ShownBy[]];

function claims(...rows: readonly Row[]): readonly Claim[] {
  return rows.map(([says, ...shownBy]) => ({ says, shownBy }));
}

const inIntegration = (name: string, title: string): ShownBy => [`test/integration/${name}.test.ts`, title];
const inFaults = (name: string, title: string): ShownBy => [`test/faults/${name}.test.ts`, title];

/** The sentence of SECURITY.md, part by part. */
const PROMISE = claims(
  [
    'execute code',
    inIntegration('no-read', 'reads nothing that 1,000 clients sent'),
    inIntegration('unprivileged-parsing', 'is read by a process that is not root and has no capability'),
    inIntegration(
      'peer-environment',
      'tells the path that a client of a unix socket has given itself, and nothing that is none',
    ),
    ['test/proxy-protocol/parse-header.test.ts', 'garbage never throws'],
  ],
  [
    'read a file',
    inIntegration('descriptors', 'is not among the descriptors of any handler'),
    inIntegration('descriptors', 'never see what is meant for the other'),
    ['test/native/taken-over.test.ts', 'gets by system calls what the threat model says'],
  ],
  [
    'become another user',
    inIntegration('spawn-paths', 'has what its service says'),
    inIntegration('launch-calls', 'starts no program, whichever call it is, and tells the client nothing'),
    inIntegration('injection', 'makes its calls in order, groups before gid before uid'),
    ['test/config/identity.test.ts', 'no odd spelling of a user falls open'],
  ],
  [
    'deny service to another source for over a second',
    inFaults('f06-flood', '5,000 connections a second'),
    inFaults('f07-sources', 'sources leave memory as it is, and a source in use its limits'),
    inFaults('f02-descriptors', 'rests, tells of it, loses nobody, and serves again'),
    inFaults('f05-slow-calls', 'holds up no other service'),
    inIntegration('datagrams', 'are served while a stranger floods the port'),
  ],
);

const CLIENT = claims(
  [
    'have a process started that the checks do not let it have',
    inIntegration('refusals', 'for each reason there is, with 128 descriptors, leave none'),
    ['test/admission/access.test.ts', 'only the address of the peer is compared, never our own'],
  ],
  [
    'take a service away from other sources for more than a second, with the limits that are there if nothing is written',
    inFaults('f06-flood', '5,000 connections a second'),
    inFaults('f05-slow-calls', 'holds up no other service'),
  ],
  [
    'use up memory, descriptors or processes: tables are of a fixed size, queues have an end',
    inIntegration('refusals', 'leave nothing behind: memory and descriptors'),
    inFaults('f07-sources', 'sources leave memory as it is, and a source in use its limits'),
    inIntegration('tls-load', 'silent clients have half of the places'),
  ],
  [
    'hold a place by silence longer than a deadline allows, where zinetd itself reads',
    inIntegration('tcpmux', 'are closed after five seconds in all'),
    inIntegration('ident', 'waits for a line as long as "timeout" says'),
  ],
  [
    'write into the log what somebody else did',
    inIntegration('userid', 'is escaped in the log, whatever it is made of'),
    ['test/logging/why-line.test.ts', 'is one printable line, whatever is in its fields'],
  ],
  [
    'fill the disk with refusals',
    inIntegration(
      'refusal-flood',
      'floods of two services go to the file of each, small and with exact counts',
    ),
  ],
  [
    'have somebody else banned',
    inIntegration('datagrams', 'never feed a ban, whatever their handlers make of them'),
    inIntegration('scan', 'hangs nothing, and bans nobody'),
  ],
  [
    'have a privileged process read a byte',
    inIntegration('no-read', 'reads nothing that 1,000 clients sent'),
    inIntegration('unprivileged-parsing', 'of our processes the spawner alone is root'),
  ],
  [
    'claim to come from elsewhere, unless a proxy that the configuration trusts says so',
    inIntegration('proxy-protocol', 'is what the client says, if it is from anybody else'),
  ],
);

const HANDLER = claims(
  [
    'have a descriptor, a signal setting or an environment beyond what its service says',
    inIntegration('spawn-paths', 'has what its service says'),
    inIntegration('descriptors', 'is not among the descriptors of any handler'),
  ],
  [
    'take the port of a service, or keep it when zinetd ends',
    inIntegration('descriptors', 'is gone once all of zinetd was killed, while a handler lives on'),
    inIntegration('isolation', 'cannot listen on the port of a service'),
  ],
  [
    'signal, trace or read processes of zinetd',
    inIntegration('isolation', 'that signals its process group does not reach zinetd'),
    inIntegration('own-processes', 'can neither trace them nor read their memory'),
  ],
  [
    "type on the operator's terminal",
    inIntegration('terminal', 'has it, and neither its dispatcher nor a handler, which could type on it'),
  ],
  ['have the credentials of another service', inIntegration('credentials', 'is the only one who sees them')],
  [
    'do more of sixty things, from opening files to loading modules, than its profile says',
    inIntegration('sandbox', 'can do of 60 things what the golden file says, no more'),
  ],
  [
    'be started with a part of its sandbox missing',
    inIntegration('launch-calls', 'starts no program, whichever call it is'),
    inIntegration('sandbox', 'is not started where its sandbox cannot be made'),
  ],
  [
    'as a worker of a pool, cost anybody but the connections that it has',
    inIntegration('pool-abuse', 'costs what it has, and nobody else'),
    inIntegration('pool-abuse', 'floods nobody'),
  ],
);

const DISPATCHER = claims(
  [
    'name a program, a user or a path, or start anything for a socket that is no connection of that service',
    ['test/native/bad-dispatcher.test.ts', 'refuses whatever is off, leaks nothing'],
  ],
  [
    'reach a file, a process, a device or the network beyond what it holds',
    ['test/native/taken-over.test.ts', 'gets by system calls what the threat model says'],
  ],
  [
    'outlast its filters in one of its threads',
    inIntegration('isolation', 'every thread has the same identity, no capability and both filters'),
  ],
  [
    'change what was written to the log before',
    ['test/native/taken-over.test.ts', 'gets by system calls what the threat model says'],
    ['test/compile/seccomp/kernel.test.ts', 'and neither shortened nor overwritten'],
  ],
  [
    'outlast its process: the next dispatcher begins with the policy as it was compiled, and adopts what runs',
    inIntegration('dispatcher-crash', 'costs no connection that waits, no handler that runs, and no count'),
  ],
);

const RESOLVER = claims(
  [
    'be root, or have a capability',
    inIntegration('unprivileged-parsing', 'is read by the resolver, which is not root either'),
  ],
  [
    'hold up services that do not ask it',
    inIntegration('names', 'keeps nobody from another service, and leaves no descriptor'),
  ],
  [
    'take more than look-ups with it when it dies',
    inFaults('f09-kills', 'costs look-ups until there is another'),
  ],
);

const COMPILER = claims(
  [
    'bring the spawner down by a table that lies about its bounds, or change what runs by one that is refused',
    ['test/native/table.test.ts', 'survives every hostile word in it'],
    inIntegration(
      'reload-verdicts',
      'of what is wrong says in the log what `check` says, and leaves all as it is',
    ),
  ],
  [
    'hang, or be started more than ten times a second',
    ['test/native/bad-dispatcher.test.ts', 'reloads no more than ten times a second'],
    inFaults('f09-kills', 'ends a start, and of a reload it is the failure'),
  ],
);

const LOCAL = claims(
  [
    'write a configuration, a list or a program that zinetd uses, or a link or directory on the way to it',
    ['test/config/trust.test.ts', 'a file or directory that everybody can write to is refused'],
    ['test/config/trust.test.ts', 'a link is followed, and each hop of its target is checked as well'],
  ],
  [
    'take the port of a service, also while it is paused, suspended, disabled or reloaded',
    inIntegration('isolation', 'cannot listen on the port of a service'),
    inIntegration('reload-hijack', 'a reload lets no other uid have a share of an address'),
  ],
  [
    'use the control socket, or keep its owner out',
    inIntegration('control-abuse', 'is for its owner alone'),
    inIntegration('control-abuse', 'lets nobody be kept out by a thousand that connect and say nothing'),
  ],
  [
    'connect to a unix socket before its owner, group and mode are right',
    inIntegration('unix-sockets', 'are open to nobody until owner, group and mode are right'),
  ],
  [
    'have zinetd write to a file of its choice, by a link or otherwise',
    inIntegration('pid-file', 'follows no link, and is in no directory that others can change'),
    ['test/config/check-outlet-file.test.ts', 'a link, a hard link, a directory and a device are refused'],
  ],
  [
    'open the debugger of Node in a process of zinetd',
    inIntegration('isolation', 'does not open the inspector of the dispatcher, nor end it'),
  ],
  [
    'hand it an environment, descriptors or signal settings that reach a handler, where it may start zinetd',
    inIntegration('descriptors', 'reach none of its processes'),
    inIntegration('isolation', 'have nothing of the environment that zinetd was started with'),
  ],
);

export const THREATS: Readonly<Record<string, readonly Claim[]>> = {
  promise: PROMISE,
  client: CLIENT,
  handler: HANDLER,
  dispatcher: DISPATCHER,
  resolver: RESOLVER,
  compiler: COMPILER,
  local: LOCAL,
};
