import { figureOf } from '../lib/figures.mjs';
import { summarise } from '../lib/statistics.mjs';

/**
 * @typedef {import('../lib/scene.d.mts').Scene} Scene
 * @typedef {import('../lib/scene.d.mts').Result} Result
 */

/**
 * A figure of a server over all rounds; undefined where it has none.
 *
 * @param {Result} result
 * @param {{scene: Scene, figure: string}} of
 */
export function summaryOf({ samples }, of) {
  const values = samples.map((sample) => figureOf(sample, of)).filter((value) => value !== undefined);
  return values.length > 0 ? summarise(values) : undefined;
}

/**
 * One server's figure by another's: of the medians; the smallest and the largest are of the rounds, each with itself.
 *
 * @param {readonly [Result, Result]} pair
 * @param {{scene: Scene, figure: string}} of
 */
export function ratioOf([ours, theirs], of) {
  const [one, other] = [summaryOf(ours, of), summaryOf(theirs, of)];
  if (!one || !other) return undefined;
  const rounds = ours.samples.flatMap((sample, round) => {
    const [mine, its] = [sample, theirs.samples[round]].map((each) => each && figureOf(each, of));
    return mine === undefined || its === undefined ? [] : [mine / its];
  });
  return { ...summarise(rounds), median: one.median / other.median };
}
