import { figuresOf } from '../lib/figures.mjs';
import { errorsOf } from './errors.mjs';
import { OURS } from './judge.mjs';
import { ratioOf, summaryOf } from './ratio.mjs';
import { rounded, table, whole } from './table.mjs';

/**
 * @typedef {import('../lib/scene.d.mts').Scene} Scene
 * @typedef {import('../lib/scene.d.mts').Result} Result
 */

/** Of a problem in a table: its beginning and its end. The whole text has been told already. */
const [FIRST_OF_A_PROBLEM, LAST_OF_A_PROBLEM] = [20, 160];

/**
 * @param {Scene} scene
 * @param {number} count
 */
function renderHeading({ title, kind, inFlight: [first] }, count) {
  if (kind === 'idle') return `### ${title}`;
  return kind === 'held' ? `### ${title}, ${whole(first ?? 0)} held` : `### ${title}, ${count} in flight`;
}

/**
 * A table for each number of connections in flight, with ratios below it.
 *
 * @param {readonly Result[]} results
 * @param {Scene} scene
 */
export function renderScene(results, scene) {
  const all = results.filter((result) => result.scene === scene.name);
  if (all.length === 0) return [];
  const tables = scene.inFlight.map((count) => {
    const rows = all.filter((result) => result.inFlight === count);
    const parts = [
      renderHeading(scene, count),
      '',
      ...renderFigures(rows, scene),
      '',
      ...renderRatios(rows, scene),
    ];
    return parts.join('\n').trimEnd();
  });
  const remarks = renderRemarks(all.filter((result) => result.inFlight === scene.inFlight[0]));
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

/**
 * @param {Result} result
 * @param {Scene} scene
 */
function renderErrors(result, { datagrams }) {
  const some = errorsOf(result).map(
    ([kind, sum]) => `${sum} ${datagrams && kind === 'timeout' ? 'lost' : kind}`,
  );
  return some.join(', ') || 'none';
}

/** @param {string} problem */
function shortened(problem) {
  const text = problem.replace(/\s+/g, ' ').trim();
  const isLong = text.length > FIRST_OF_A_PROBLEM + LAST_OF_A_PROBLEM;
  const short = isLong ? `${text.slice(0, FIRST_OF_A_PROBLEM)} … ${text.slice(-LAST_OF_A_PROBLEM)}` : text;
  return short.replaceAll('|', '\\|');
}

/**
 * @param {Result} result
 * @param {Scene} scene
 */
function renderRow(result, scene) {
  const figures = Object.keys(figuresOf(scene));
  if (result.samples.length === 0) {
    return [
      result.server,
      ...figures.map(() => '–'),
      `did not serve: ${shortened(result.problem ?? 'not measured')}`,
    ];
  }
  const cells = figures.map((figure) => {
    const summary = summaryOf(result, { scene, figure });
    if (!summary) return '–';
    const [median, min, max] = [summary.median, summary.min, summary.max].map(rounded);
    return `${median} (${min} to ${max})`;
  });
  return [result.server, ...cells, renderErrors(result, scene)];
}

/**
 * @param {readonly Result[]} rows
 * @param {Scene} scene
 */
function renderFigures(rows, scene) {
  const head = ['server', ...Object.values(figuresOf(scene)), 'errors'];
  return table([head, ...rows.map((row) => renderRow(row, scene))]);
}

/**
 * @param {readonly Result[]} rows
 * @param {Scene} scene
 */
function renderRatios(rows, scene) {
  const ours = rows.find(({ server, samples }) => server === OURS && samples.length > 0);
  const peers = rows.filter(({ server, samples }) => server !== OURS && samples.length > 0);
  if (!ours || peers.length === 0 || (scene.kind ?? 'load') !== 'load') return [];
  const figures = figuresOf(scene);
  const lines = peers.map((peer) => [
    peer.server,
    ...Object.keys(figures).map(
      (figure) => ratioOf([ours, peer], { scene, figure })?.median.toFixed(2) ?? '–',
    ),
  ]);
  return table([[`${OURS} divided by`, ...Object.values(figures)], ...lines]);
}
