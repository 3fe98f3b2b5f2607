import { figuresOf } from '../lib/figures.mjs';
import { GOALS, keyOf, REASONS } from '../lib/goals.mjs';
import { SCENES } from '../lib/scenes.mjs';
import { excessOf, reachedOf } from './judge.mjs';
import { rounded, table } from './table.mjs';

/**
 * @typedef {import('../lib/scene.d.mts').Result} Result
 * @typedef {import('../lib/goals.d.mts').Goal} Goal
 */

/**
 * @param {readonly Result[]} results
 * @param {Goal} goal
 */
function judge(results, goal) {
  const scene = SCENES.find(({ name }) => name === goal.scene);
  const reached = scene && reachedOf(results, { goal, scene });
  if (!reached) return ['–', '–', problemOf(results, goal)];
  const { median, min, max } = reached;
  const excess = excessOf(goal, median);
  const percent = `${Math.abs(excess * 100).toFixed(0)} %`;
  const reason = REASONS[keyOf(goal)];
  const missed = `**not met**, short by ${percent}${reason ? `: ${reason}` : ''}`;
  const met = Number.isFinite(excess) ? `met, ${percent} to spare` : 'met';
  return [rounded(median), `${rounded(min)} to ${rounded(max)}`, excess >= 0 ? met : missed];
}

/**
 * @param {readonly Result[]} results
 * @param {Goal} goal
 */
function problemOf(results, { scene, inFlight }) {
  const rows = results.filter((row) => row.scene === scene && row.inFlight === inFlight);
  const idle = rows.find(({ problem }) => problem);
  return idle ? `**not measured**: ${idle.server} did not serve` : 'not measured';
}

/** @param {Goal} goal */
function renderBound({ bound, value, peer }) {
  const amount = value >= 100 ? rounded(value) : String(Number(value.toFixed(2)));
  if (peer === undefined) return `${bound} ${amount}`;
  return `${bound} ${amount} of ${peer === 'best' ? 'the best peer' : peer}`;
}

/** @param {readonly Result[]} results */
export function renderGoals(results) {
  const goals = GOALS.filter(({ scene }) => results.some((result) => result.scene === scene));
  const rows = goals.map((goal) => {
    const scene = SCENES.find(({ name }) => name === goal.scene);
    const label = scene ? figuresOf(scene)[goal.figure] : goal.figure;
    const what = `${goal.scene}, ${goal.inFlight} in flight: ${label}`;
    return [what, renderBound(goal), ...judge(results, goal)];
  });
  const head = ['figure', 'goal', 'reached', 'round by round', ''];
  return ['### Goals', '', ...table([head, ...rows])].join('\n');
}
