/** @typedef {import('./scene.d.mts').Scene} Scene */

const LOAD = {
  perSecond: 'connections/s',
  p50Us: 'p50, µs',
  p99Us: 'p99, µs',
  cpuPerConnectionUs: 'server CPU per connection, µs',
};

const OF_DATAGRAMS = {
  ...LOAD,
  perSecond: 'round trips/s',
  cpuPerConnectionUs: 'server CPU per round trip, µs',
};

const IDLE = {
  firstKb: 'process that starts handlers, KB',
  nodesKb: 'dispatcher, KB',
  nodeKb: 'an empty process of Node, KB',
  overKb: 'together over that, KB',
};

const HELD = {
  firstKb: 'process that starts handlers, KB a connection',
  nodesKb: 'dispatcher, KB a connection',
};

/**
 * The figures of a scene and what they are called.
 *
 * @param {Scene} scene
 * @returns {Readonly<Record<string, string>>}
 */
export function figuresOf({ kind, bytes, datagrams }) {
  if (kind === 'idle') return IDLE;
  if (kind === 'held') return HELD;
  if (datagrams) return OF_DATAGRAMS;
  return bytes === undefined ? LOAD : { perSecond: LOAD.perSecond, megabytesPerSecond: 'MB/s', ...LOAD };
}

/**
 * A figure of one measurement; some follow from others.
 *
 * @param {import('./scene.d.mts').Sample} sample
 * @param {{scene: Scene, figure: string}} of
 */
export function figureOf({ figures }, { scene, figure }) {
  if (figure !== 'megabytesPerSecond') return figures[figure];
  return ((figures['perSecond'] ?? Number.NaN) * (scene.bytes ?? Number.NaN)) / 1e6;
}
