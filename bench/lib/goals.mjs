/**
 * @typedef {object} Goal
 * @property {string} scene
 * @property {number} inFlight
 * @property {'perSecond' | 'p50Us' | 'p99Us' | 'cpuPerConnectionUs'} figure
 * @property {string} peer
 * @property {number} ratio of zinetd's figure to the peer's
 * @property {'at least' | 'at most'} bound
 * @property {'now' | 'later'} due
 */

/** What zinetd has to reach, and what it is to reach when it is complete; ratios travel, figures do not.
 *
 * @type {readonly Goal[]}
 */
export const GOALS = [
  {
    scene: 'raw',
    inFlight: 16,
    figure: 'perSecond',
    peer: 'xinetd',
    bound: 'at least',
    ratio: 2,
    due: 'now',
  },
  { scene: 'raw', inFlight: 1, figure: 'p50Us', peer: 'xinetd', bound: 'at most', ratio: 0.5, due: 'now' },
  {
    scene: 'raw',
    inFlight: 16,
    figure: 'perSecond',
    peer: 'xinetd',
    bound: 'at least',
    ratio: 2.5,
    due: 'later',
  },
  {
    scene: 'raw',
    inFlight: 16,
    figure: 'perSecond',
    peer: 'tcpserver',
    bound: 'at least',
    ratio: 1.2,
    due: 'later',
  },
  {
    scene: 'raw',
    inFlight: 16,
    figure: 'perSecond',
    peer: 'busybox',
    bound: 'at least',
    ratio: 1.05,
    due: 'later',
  },
  {
    scene: 'raw',
    inFlight: 1,
    figure: 'p50Us',
    peer: 'xinetd',
    bound: 'at most',
    ratio: 0.45,
    due: 'later',
  },
  {
    scene: 'raw',
    inFlight: 1,
    figure: 'p50Us',
    peer: 'tcpserver',
    bound: 'at most',
    ratio: 0.9,
    due: 'later',
  },
  { scene: 'raw', inFlight: 16, figure: 'p99Us', peer: 'xinetd', bound: 'at most', ratio: 1, due: 'later' },
  {
    scene: 'raw',
    inFlight: 16,
    figure: 'cpuPerConnectionUs',
    peer: 'xinetd',
    bound: 'at most',
    ratio: 0.5,
    due: 'later',
  },
  {
    scene: 'glibc',
    inFlight: 16,
    figure: 'perSecond',
    peer: 'xinetd',
    bound: 'at least',
    ratio: 1.25,
    due: 'later',
  },
  {
    scene: 'refusals',
    inFlight: 16,
    figure: 'perSecond',
    peer: 'xinetd',
    bound: 'at least',
    ratio: 5,
    due: 'now',
  },
  {
    scene: 'relays',
    inFlight: 16,
    figure: 'perSecond',
    peer: 'xinetd',
    bound: 'at least',
    ratio: 1,
    due: 'now',
  },
  {
    scene: 'streams',
    inFlight: 1,
    figure: 'perSecond',
    peer: 'xinetd',
    bound: 'at least',
    ratio: 1,
    due: 'now',
  },
  {
    scene: 'streams',
    inFlight: 8,
    figure: 'perSecond',
    peer: 'xinetd',
    bound: 'at least',
    ratio: 1,
    due: 'now',
  },
];
