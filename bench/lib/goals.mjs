/** @typedef {import('./goals.d.mts').Goal} Goal */

const PLAIN = 'zinetd, plain';
const MEBIBYTE_KB = 1024;
/** Of one service's: a thousand may cost this much. */
const MANY_COST = 1.05;

/** Scene, in flight, figure, bound, value, and whose ratio it is: ratios travel, figures do not.
 *
 * @type {readonly (readonly [string, number, string, Goal['bound'], number, string?])[]}
 */
const ROWS = [
  ['raw', 16, 'perSecond', 'at least', 2.5, 'xinetd'],
  ['raw', 16, 'perSecond', 'at least', 1.2, 'tcpserver'],
  ['raw', 16, 'perSecond', 'at least', 1.05, 'busybox'],
  ['raw', 1, 'p50Us', 'at most', 0.45, 'xinetd'],
  ['raw', 1, 'p50Us', 'at most', 0.9, 'tcpserver'],
  ['raw', 16, 'p99Us', 'at most', 1, 'xinetd'],
  ['raw', 16, 'cpuPerConnectionUs', 'at most', 0.5, 'xinetd'],
  ['glibc', 16, 'perSecond', 'at least', 1.25, 'xinetd'],
  ['sandboxed', 16, 'perSecond', 'at least', 0.9, PLAIN],
  ['sandboxed', 1, 'p50Us', 'at most', 1 / 0.9, PLAIN],
  ['pooled', 16, 'perSecond', 'at least', 5, 'xinetd'],
  ['pooled', 16, 'perSecond', 'at least', 25_000],
  ['many', 16, 'perSecond', 'at least', 1 / MANY_COST, PLAIN],
  ['many', 16, 'cpuPerConnectionUs', 'at most', MANY_COST, PLAIN],
  ['many', 1, 'p50Us', 'at most', MANY_COST, PLAIN],
  ['refusals', 16, 'perSecond', 'at least', 5, 'xinetd'],
  ['refusals', 16, 'perSecond', 'at least', 2, 'tcpserver'],
  ['datagrams', 16, 'perSecond', 'at least', 1, 'best'],
  ['datagrams', 1, 'perSecond', 'at least', 1, 'best'],
  ['datagrams-glibc', 16, 'perSecond', 'at least', 1, 'best'],
  ['datagrams-glibc', 1, 'perSecond', 'at least', 1, 'best'],
  ['builtin', 16, 'perSecond', 'at least', 2, 'xinetd'],
  ['bulk', 1, 'megabytesPerSecond', 'at least', 1, 'xinetd'],
  ['relays', 16, 'perSecond', 'at least', 1, 'xinetd'],
  ['streams', 1, 'megabytesPerSecond', 'at least', 1, 'xinetd'],
  ['streams', 8, 'megabytesPerSecond', 'at least', 1, 'xinetd'],
  ['idle', 0, 'overKb', 'at most', 15 * MEBIBYTE_KB],
  ['idle', 0, 'firstKb', 'at most', 2 * MEBIBYTE_KB],
  ['held', 2000, 'firstKb', 'at most', 1],
  ['held', 2000, 'nodesKb', 'at most', 1],
];

/** What zinetd has to reach.
 *
 * @type {readonly Goal[]}
 */
export const GOALS = ROWS.map(([scene, inFlight, figure, bound, value, peer]) => {
  return { scene, inFlight, figure, bound, value, peer };
});

const A_MESSAGE =
  'of a thousand services a child gets its connection by a message, which costs 2 to 5 µs more than a copy of a few descriptors does, and the dispatcher has more memory to walk';
const TWO_HOPS =
  'the end of a handler goes from the spawner to the dispatcher, and the next launch back, each of which wakes a process, where the best peer is one process and looks at nobody';
const TWO_PROCESSES =
  'two processes where peers have one: of 143 µs of processor time for a connection the handler has 97 (clone, setsid, identity, exec, end), the spawner 20 and the dispatcher 26, of which 5 are its own code and the rest accept4, epoll, messages and close';
const A_WAKE_UP =
  'with one in flight each of three processes sleeps until the one before it wakes it, which takes 20 µs on this machine; peers have two';
const A_SANDBOX =
  'entering a ruleset of Landlock, capset(2), a pipe for standard error and values for the client are each done for each child, 24 µs of processor time together';
const A_LATE_COLLECTION =
  '0.9 to 1.2 from round to round, half of a tenth above the goal or below it in the median: what V8 has not collected by the first look is missing in the difference';

/** Why a goal is missed, by `keyOf`; written by hand, shown while it is missed.
 *
 * @type {Readonly<Record<string, string>>}
 */
export const REASONS = {
  'held/2000/nodesKb': A_LATE_COLLECTION,
  'raw/16/perSecond/xinetd': TWO_PROCESSES,
  'raw/16/perSecond/busybox': TWO_PROCESSES,
  'raw/1/p50Us/xinetd': A_WAKE_UP,
  'sandboxed/16/perSecond/zinetd, plain': A_SANDBOX,
  'sandboxed/1/p50Us/zinetd, plain': A_SANDBOX,
  'many/16/perSecond/zinetd, plain': A_MESSAGE,
  'many/16/cpuPerConnectionUs/zinetd, plain': A_MESSAGE,
  'many/1/p50Us/zinetd, plain': A_MESSAGE,
  'datagrams/16/perSecond/best': TWO_HOPS,
  'datagrams/1/perSecond/best': TWO_HOPS,
  'datagrams-glibc/16/perSecond/best': TWO_HOPS,
  'datagrams-glibc/1/perSecond/best': TWO_HOPS,
};

/** @param {Pick<Goal, 'scene' | 'inFlight' | 'figure' | 'peer'>} row */
export function keyOf({ scene, inFlight, figure, peer }) {
  return [scene, inFlight, figure, ...(peer === undefined ? [] : [peer])].join('/');
}
