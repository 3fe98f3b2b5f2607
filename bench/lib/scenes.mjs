/** @typedef {import('./scene.d.mts').Scene} Scene */

/** Long enough that the connection itself does not count, and short enough to have many. */
const STREAM_BYTES = 8 * 1024 * 1024;
const LINE_BYTES = 3;
const ECHO_BYTES = 32;
const OTHERS = 999;
const HELD = 2000;
/** Of a datagram that is lost: no longer than it takes to be sure. */
const LOST_MS = 300;

const PLAIN = 'zinetd, plain';
const HANDLER_PEERS = ['xinetd', 'openbsd-inetd', 'tcpserver', 'ipsvd', 'busybox'];

/** @type {readonly Scene[]} */
const HANDLERS = [
  { name: 'raw', title: 'Handler without C library', handler: 'raw' },
  { name: 'glibc', title: 'Static glibc handler', handler: 'glibc' },
  { name: 'dynamic', title: 'Dynamically linked handler', handler: 'dynamic' },
].map((scene) => ({ ...scene, peers: HANDLER_PEERS, inFlight: [16, 1], flags: [] }));

/** @type {readonly Scene[]} */
const OF_ZINETD = [
  {
    name: 'sandboxed',
    title: 'Extended mode with its defaults, beside inetd mode',
    peers: [PLAIN, 'xinetd'],
    handler: 'raw',
    inFlight: [16, 1],
    flags: [],
    roundsTimes: 2,
    attributes: ['mode: extended'],
  },
  {
    name: 'pooled',
    title: 'Pooled handler, beside a handler for each connection',
    peers: [PLAIN, 'xinetd'],
    handler: 'pooled',
    peersHandler: 'raw',
    inFlight: [16, 1],
    flags: [],
    attributes: ['mode: extended', 'pool: {workers: 4, max_connections_per_worker: 8}'],
  },
  {
    name: 'many',
    title: 'One service of a thousand, beside one alone',
    peers: [PLAIN],
    handler: 'raw',
    inFlight: [16, 1],
    flags: [],
    roundsTimes: 2,
    others: OTHERS,
  },
];

/** @type {readonly Scene[]} */
const BUILTINS = [
  {
    name: 'builtin',
    title: 'Built-in echo, 32 bytes each',
    peers: ['xinetd', 'openbsd-inetd', 'busybox inetd'],
    handler: 'raw',
    inFlight: [16, 1],
    flags: ['-e', String(ECHO_BYTES)],
    asks: 'echo',
    builtin: 'echo',
  },
  {
    name: 'bulk',
    title: 'Built-in echo, 8 MiB each',
    peers: ['xinetd', 'openbsd-inetd', 'busybox inetd'],
    handler: 'raw',
    inFlight: [1],
    flags: ['-e', String(STREAM_BYTES)],
    asks: 'echo',
    builtin: 'echo',
    bytes: STREAM_BYTES,
    warmUp: 2,
  },
];

/** @type {readonly Scene[]} */
const CARRIED = [
  {
    name: 'relays',
    title: 'Relayed, a line each',
    peers: ['xinetd'],
    handler: 'raw',
    inFlight: [16, 1],
    relayedBytes: LINE_BYTES,
    flags: [],
  },
  {
    name: 'streams',
    title: 'Relayed, 8 MiB each',
    peers: ['xinetd'],
    handler: 'raw',
    inFlight: [1, 8],
    relayedBytes: STREAM_BYTES,
    bytes: STREAM_BYTES,
    warmUp: 2,
    flags: ['-b', String(STREAM_BYTES)],
  },
];

/** @type {readonly Scene[]} */
const REFUSALS = [
  {
    name: 'refusals',
    title: 'Refused by address',
    peers: HANDLER_PEERS.filter((name) => name !== 'busybox'),
    handler: 'raw',
    inFlight: [16, 64],
    refusedNet: '127.77.0.0/16',
    flags: ['-x'],
  },
];

/** With the handlers that people have, for honesty.
 *
 * @type {readonly Scene[]}
 */
const DATAGRAMS = [
  ['datagrams', 'datagram', 'without C library'],
  ['datagrams-glibc', 'datagram-glibc', 'with static glibc'],
].map(([name = '', handler = '', what]) => ({
  name,
  title: `A datagram that waits for the handler of the one before it, ${what}`,
  peers: ['xinetd', 'openbsd-inetd', 'ipsvd', 'busybox inetd'],
  handler,
  inFlight: [16, 1],
  flags: ['-u', '-e', String(ECHO_BYTES)],
  asks: 'datagram',
  datagrams: true,
  timeoutMs: LOST_MS,
}));

/** Of memory: `inFlight` is how many connections are held.
 *
 * @type {readonly Scene[]}
 */
const MEMORY = [
  { name: 'idle', title: 'Memory at rest', kind: 'idle', handler: 'raw', inFlight: [0] },
  { name: 'held', title: 'Memory of connections', kind: 'held', handler: 'holding', inFlight: [HELD] },
].map((scene) => ({ ...scene, kind: scene.kind === 'idle' ? 'idle' : 'held', peers: ['xinetd'], flags: [] }));

/** In the order of the tables.
 *
 * @type {readonly Scene[]}
 */
export const SCENES = [
  ...HANDLERS,
  ...OF_ZINETD,
  ...REFUSALS,
  ...DATAGRAMS,
  ...BUILTINS,
  ...CARRIED,
  ...MEMORY,
];
