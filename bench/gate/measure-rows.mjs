import { isDisturbed } from '../lib/quiet.mjs';
import { errorsOf } from '../report/errors.mjs';
import { OURS, reachedOf } from '../report/judge.mjs';
import { scenesOf } from './rows.mjs';

/**
 * @typedef {import('../lib/scene.d.mts').Result} Result
 * @typedef {import('./gate.d.mts').Row} Row
 * @typedef {import('./gate.d.mts').Outcome} Outcome
 */

/**
 * @param {Pick<import('../lib/session.mjs').Session, 'hold'>} session
 * @param {{rows: readonly Row[], rounds: number, seconds: number}} options
 * @returns {Promise<readonly {row: Row, outcome: Outcome}[]>}
 */
export async function measureRows(session, { rows, rounds, seconds }) {
  const outcomes = [];
  for (const scene of scenesOf(rows)) {
    const results = await session.hold(scene, { rounds, seconds, attempts: 1 });
    for (const row of rows.filter((each) => each.scene === scene.name)) {
      outcomes.push({ row, outcome: outcomeOf(results, { row, scene }) });
    }
  }
  return outcomes;
}

/**
 * @param {readonly Result[]} results
 * @param {{row: Row, scene: import('../lib/scene.d.mts').Scene}} options
 * @returns {Outcome}
 */
function outcomeOf(results, { row, scene }) {
  const rows = results.filter(({ inFlight }) => inFlight === row.inFlight);
  const [ours, theirs] = [OURS, row.peer].map((name) => rows.find(({ server }) => server === name));
  const samples = [ours, theirs].flatMap((result) => result?.samples ?? []);
  const fault = ours && faultOf(ours);
  return {
    ratio: reachedOf(results, { goal: row, scene })?.median,
    rounds: ours?.samples.length ?? 0,
    fault: fault ?? (theirs && faultOf(theirs)),
    isOurs: fault !== undefined,
    isLate: ours !== undefined && isLate(ours),
    isBusy: samples.filter(isDisturbed).length * 2 > samples.length,
  };
}

/**
 * Why what a server did counts for nothing; undefined: it served everybody.
 *
 * @param {Result} result
 */
function faultOf(result) {
  const { server, problem } = result;
  if (problem !== undefined) return `${server} did not serve: ${problem.replace(/\s+/g, ' ')}`;
  const counts = errorsOf(result).map(([kind, count]) => `${count} ${kind}`);
  return counts.length > 0 ? `${server} left connections unserved: ${counts.join(', ')}` : undefined;
}

/** @param {Result} result */
function isLate(result) {
  const errors = errorsOf(result);
  return result.problem === undefined && errors.length > 0 && errors.every(([kind]) => kind === 'timeout');
}
