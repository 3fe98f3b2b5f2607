import { ratioOf, summaryOf } from './ratio.mjs';

/**
 * @typedef {import('../lib/scene.d.mts').Scene} Scene
 * @typedef {import('../lib/scene.d.mts').Result} Result
 * @typedef {import('../lib/goals.d.mts').Goal} Goal
 */

export const OURS = 'zinetd';

/**
 * The peer of a goal; `best` is the one with the highest figure.
 *
 * @param {readonly Result[]} rows of the goal's scene and load
 * @param {{goal: Pick<Goal, 'figure' | 'peer'>, scene: Scene}} options
 */
function peerOf(rows, { goal: { peer, figure }, scene }) {
  if (peer !== 'best') return rows.find(({ server }) => server === peer);
  const medianOf = (/** @type {Result} */ row) => summaryOf(row, { scene, figure })?.median ?? 0;
  const peers = rows.filter(({ server, samples }) => server !== OURS && samples.length > 0);
  return peers.toSorted((one, other) => medianOf(other) - medianOf(one))[0];
}

/**
 * What was reached of a goal; undefined where it was not measured.
 *
 * @param {readonly Result[]} results
 * @param {{goal: Pick<Goal, 'scene' | 'inFlight' | 'figure' | 'peer'>, scene: Scene}} options
 */
export function reachedOf(results, { goal, scene }) {
  const rows = results.filter((row) => row.scene === goal.scene && row.inFlight === goal.inFlight);
  const ours = rows.find(({ server }) => server === OURS);
  if (!ours) return undefined;
  const of = { scene, figure: goal.figure };
  if (goal.peer === undefined) return summaryOf(ours, of);
  const theirs = peerOf(rows, { goal, scene });
  const ratio = theirs && ratioOf([ours, theirs], of);
  return ratio && { ...ratio, peer: theirs.server };
}

/**
 * How far above a goal, or below, as a share of it.
 *
 * @param {Goal} goal
 * @param {number} reached
 */
export function excessOf({ bound, value }, reached) {
  return (bound === 'at least' ? reached / value : value / reached) - 1;
}
