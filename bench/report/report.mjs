import { isDisturbed, QUIET_SHARE } from '../lib/quiet.mjs';
import { SCENES } from '../lib/scenes.mjs';
import { summarise } from '../lib/statistics.mjs';
import { renderGoals } from './goals.mjs';
import { renderScene } from './scene.mjs';

/** @typedef {import('../lib/scene.d.mts').Result} Result */

/**
 * The results as Markdown: a table for each scene and load, then ratios, then goals.
 *
 * @param {readonly Result[]} results
 * @returns {string}
 */
export function renderReport(results) {
  const parts = SCENES.flatMap((scene) => renderScene(results, scene));
  return `${[renderQuiet(results), ...parts, renderGoals(results)].join('\n\n')}\n`;
}

/**
 * How much the figures are to be trusted.
 *
 * @param {readonly Result[]} results
 */
function renderQuiet(results) {
  const samples = results.flatMap((result) => result.samples);
  const limit = `${QUIET_SHARE * 100} %`;
  const disturbed = `Other work took more than ${limit} of the machine in ${samples.filter(isDisturbed).length} of ${samples.length} measurements.`;
  const spreads = results.map(spreadOf).filter((spread) => spread !== undefined);
  if (spreads.length === 0) return disturbed;
  const { median, max } = summarise(spreads);
  return `${disturbed} From round to round, the rate of one server differed by ${percent(median)} either way in the median, and by ${percent(max)} at most.`;
}

/** @param {number} share */
const percent = (share) => `${(share * 100).toFixed(0)} %`;

/**
 * Half of the distance between a server's best and worst round, as a share.
 *
 * @param {Result} result
 */
function spreadOf({ samples }) {
  const rates = samples.map(({ figures }) => figures['perSecond']).filter((rate) => rate !== undefined);
  if (rates.length < 2) return undefined;
  const { median, min, max } = summarise(rates);
  return (max - min) / median / 2;
}
