import { SCENES } from '../lib/scenes.mjs';

/**
 * @typedef {import('../lib/scene.d.mts').Scene} Scene
 * @typedef {import('./gate.d.mts').Row} Row
 */

/** xinetd loses datagrams, so that there is nothing to compare with.
 *
 * @type {readonly (readonly [string, number, string, string])[]}
 */
const MEASURED = [
  ['raw', 16, 'perSecond', 'xinetd'],
  ['raw', 1, 'p50Us', 'xinetd'],
  ['glibc', 16, 'perSecond', 'xinetd'],
  ['sandboxed', 16, 'perSecond', 'xinetd'],
  ['pooled', 16, 'perSecond', 'xinetd'],
  ['refusals', 16, 'perSecond', 'xinetd'],
  ['datagrams', 1, 'perSecond', 'ipsvd'],
  ['builtin', 16, 'perSecond', 'xinetd'],
  ['bulk', 1, 'megabytesPerSecond', 'xinetd'],
  ['relays', 16, 'perSecond', 'xinetd'],
  ['streams', 1, 'megabytesPerSecond', 'xinetd'],
];

/** What must not get worse: ratios to another server's figure in the same run.
 *
 * @type {readonly Row[]}
 */
export const ROWS = MEASURED.map(([scene, inFlight, figure, peer]) => ({ scene, inFlight, figure, peer }));

/** Whose programs are needed. */
export const GATE_SERVERS = ['zinetd', ...new Set(ROWS.map(({ peer }) => peer))];

/** Connections before the clock starts, where each is short: code that runs has been compiled by then. */
const WARM_UP = 500;

/** What a connection carries, where it carries much: in the short time of the gate there must be many. */
const CARRIED_BYTES = 1024 * 1024;

/**
 * @param {Scene} scene
 * @returns {Scene}
 */
function withLess(scene) {
  if (scene.bytes === undefined) return { ...scene, warmUp: scene.warmUp ?? WARM_UP };
  const flags = scene.flags.map((word) => (word === String(scene.bytes) ? String(CARRIED_BYTES) : word));
  const relayed = scene.relayedBytes === undefined ? {} : { relayedBytes: CARRIED_BYTES };
  return { ...scene, flags, ...relayed, bytes: CARRIED_BYTES };
}

/**
 * The scenes of some rows, without what the rows do not need.
 *
 * @param {readonly Row[]} rows
 * @returns {readonly Scene[]}
 */
export function scenesOf(rows) {
  return SCENES.flatMap((scene) => {
    const own = rows.filter((row) => row.scene === scene.name);
    if (own.length === 0) return [];
    const needed = { inFlight: own.map(({ inFlight }) => inFlight), peers: own.map(({ peer }) => peer) };
    return [{ ...withLess(scene), ...needed }];
  });
}
