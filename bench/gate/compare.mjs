/**
 * @typedef {import('./gate.d.mts').Row} Row
 * @typedef {import('./gate.d.mts').Outcome} Outcome
 * @typedef {import('./gate.d.mts').Judged} Judged
 */

export const ALLOWED_LOSS = 0.15;

const LESS_IS_BETTER = ['p50Us', 'p99Us', 'cpuPerConnectionUs'];

/**
 * Of a ratio that was stored, as a share.
 *
 * @param {string} figure
 * @param {{stored: number, ratio: number}} ratios
 */
function lossOf(figure, { stored, ratio }) {
  return LESS_IS_BETTER.includes(figure) ? 1 - stored / ratio : 1 - ratio / stored;
}

/**
 * Whether a row is as good as it was. One that is, is so on a busy machine too; where that one stood still, nobody got an
 * answer in time.
 *
 * @param {Row} row
 * @param {{stored: number | undefined, outcome: Outcome}} figures
 * @returns {Judged}
 */
export function compareRow({ figure }, { stored, outcome }) {
  const { ratio, fault, isOurs, isLate, isBusy } = outcome;
  if (stored === undefined) return { verdict: 'not stored', loss: undefined };
  if (fault && isOurs) return { verdict: isBusy && isLate ? 'busy' : 'broken', loss: undefined };
  if (ratio === undefined) return { verdict: 'unmatched', loss: undefined };
  const loss = lossOf(figure, { stored, ratio });
  if (loss <= ALLOWED_LOSS) return { verdict: 'kept', loss };
  return { verdict: isBusy ? 'busy' : 'lost', loss };
}

/** @param {Judged} judged */
export const isFailure = ({ verdict }) => verdict === 'lost' || verdict === 'broken';
