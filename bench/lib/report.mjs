import { QUIET_SHARE } from './contest.mjs';
import { GOALS } from './goals.mjs';
import { SCENES } from './scenes.mjs';
import { summarise } from './statistics.mjs';

/**
 * @typedef {import('./contest.mjs').Result} Result
 * @typedef {import('./goals.mjs').Goal} Goal
 * @typedef {Goal['figure']} Figure
 */

const OURS = 'zinetd';

/** In a table; the whole text has been told already. */
const MOST_OF_A_PROBLEM = 160;

/** @type {Record<Figure, string>} */
const FIGURES = {
  perSecond: 'connections/s',
  p50Us: 'p50, µs',
  p99Us: 'p99, µs',
  cpuPerConnectionUs: 'server CPU per connection, µs',
};

const FIGURE_NAMES = /** @type {Figure[]} */ (Object.keys(FIGURES));

/**
 * The results as Markdown: a table for each handler and load, then ratios, then goals.
 *
 * @param {readonly Result[]} results
 * @returns {string}
 */
export function renderReport(results) {
  const parts = SCENES.flatMap((scene) => renderScene(results, scene));
  return `${[renderQuiet(results), ...parts, renderGoals(results)].join('\n\n')}\n`;
}

/**
 * @param {readonly Result[]} results
 * @param {import('./scenes.mjs').Scene} scene
 */
function renderScene(results, { name, title, inFlight }) {
  const all = results.filter((result) => result.scene === name);
  if (all.length === 0) return [];
  const tables = inFlight.map((count) => {
    const rows = all.filter((result) => result.inFlight === count);
    const heading = `### ${title}, ${count} in flight`;
    return [heading, '', ...renderFigures(rows), '', ...renderRatios(rows)].join('\n').trimEnd();
  });
  const remarks = renderRemarks(all.filter((result) => result.inFlight === inFlight[0]));
  return remarks.length > 0 ? [...tables, remarks.join('\n')] : tables;
}

/**
 * What each server does per refusal, and whether its log has them all.
 *
 * @param {readonly Result[]} rows
 */
function renderRemarks(rows) {
  return rows.flatMap(({ server, does, log }) => {
    if (!does) return [];
    const told = log ? ` Its log tells of ${whole(log.told)} of ${whole(log.refused)}.` : '';
    return [`- ${server}: ${does}.${told}`];
  });
}

/** @param {readonly Result[]} results */
function renderQuiet(results) {
  const samples = results.flatMap((result) => result.samples);
  const disturbed = samples.filter(({ foreignShare }) => foreignShare > QUIET_SHARE);
  const limit = `${QUIET_SHARE * 100} %`;
  return `Other work took more than ${limit} of the machine in ${disturbed.length} of ${samples.length} measurements.`;
}

/** @param {readonly (readonly string[])[]} rows with the head first */
function table(rows) {
  const [head = []] = rows;
  const lines = [head, head.map(() => '---'), ...rows.slice(1)];
  return lines.map((cells) => `| ${cells.join(' | ')} |`);
}

/**
 * @param {Result} result
 * @param {Figure} figure
 */
function summaryOf({ samples }, figure) {
  return summarise(samples.map((sample) => sample[figure]));
}

/** @param {number} value */
const whole = (value) => Math.round(value).toLocaleString('en');

/** @param {Result} result */
function renderErrors({ samples }) {
  const kinds = Object.keys(samples[0]?.errors ?? {});
  const sums = kinds.map((kind) => ({
    kind,
    sum: samples.reduce((sum, { errors }) => sum + (errors[kind] ?? 0), 0),
  }));
  const some = sums.filter(({ sum }) => sum > 0).map(({ kind, sum }) => `${sum} ${kind}`);
  return some.join(', ') || 'none';
}

/** @param {Result} result */
function renderRow(result) {
  if (result.samples.length === 0) {
    const problem = (result.problem ?? 'not measured')
      .replace(/\s+/g, ' ')
      .slice(0, MOST_OF_A_PROBLEM)
      .replaceAll('|', '\\|');
    return [result.server, ...FIGURE_NAMES.map(() => '–'), `did not serve: ${problem}`];
  }
  const cells = FIGURE_NAMES.map((figure) => {
    const { median, min, max } = summaryOf(result, figure);
    return `${whole(median)} (${whole(min)} to ${whole(max)})`;
  });
  return [result.server, ...cells, renderErrors(result)];
}

/** @param {readonly Result[]} rows */
function renderFigures(rows) {
  return table([['server', ...Object.values(FIGURES), 'errors'], ...rows.map(renderRow)]);
}

/** @param {readonly Result[]} rows */
function renderRatios(rows) {
  const ours = rows.find(({ server, samples }) => server === OURS && samples.length > 0);
  const peers = rows.filter(({ server, samples }) => server !== OURS && samples.length > 0);
  if (!ours || peers.length === 0) return [];
  const lines = peers.map((peer) => [
    peer.server,
    ...FIGURE_NAMES.map((figure) =>
      (summaryOf(ours, figure).median / summaryOf(peer, figure).median).toFixed(2),
    ),
  ]);
  return table([[`${OURS} divided by`, ...Object.values(FIGURES)], ...lines]);
}

/**
 * @param {readonly Result[]} results
 * @param {Goal} goal
 */
function judge(results, { scene, inFlight, figure, peer, bound, ratio }) {
  const [ours, theirs] = [OURS, peer].map((name) =>
    results.find((one) => one.server === name && one.scene === scene && one.inFlight === inFlight),
  );
  if (!ours?.samples.length || !theirs?.samples.length) return ['–', 'not measured'];
  const reached = summaryOf(ours, figure).median / summaryOf(theirs, figure).median;
  const excess = (bound === 'at least' ? reached / ratio : ratio / reached) - 1;
  const percent = `${Math.abs(excess * 100).toFixed(0)} %`;
  return [reached.toFixed(2), excess >= 0 ? `met, ${percent} to spare` : `**not met**, short by ${percent}`];
}

/** @param {readonly Result[]} results */
function renderGoals(results) {
  const goals = GOALS.filter(({ scene }) => results.some((result) => result.scene === scene));
  const rows = goals.map((goal) => [
    goal.due,
    `${goal.scene}, ${goal.inFlight} in flight: ${FIGURES[goal.figure]}`,
    `${goal.bound} ${goal.ratio} of ${goal.peer}`,
    ...judge(results, goal),
  ]);
  return ['### Goals', '', ...table([['due', 'figure', 'goal', 'reached', ''], ...rows])].join('\n');
}
