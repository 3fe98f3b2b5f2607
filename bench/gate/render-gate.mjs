import { figuresOf } from '../lib/figures.mjs';
import { SCENES } from '../lib/scenes.mjs';
import { rounded, table } from '../report/table.mjs';
import { ALLOWED_LOSS, isFailure } from './compare.mjs';

/** @typedef {import('./gate.d.mts').Line} Line */

/** @param {number | undefined} share */
const percent = (share = 0) => `${Math.abs(share * 100).toFixed(0)} %`;

/** @type {Readonly<Record<import('./gate.d.mts').Verdict, (line: Line) => string>>} */
const WORDS = {
  kept: ({ judged: { loss = 0 } }) =>
    loss > 0 ? `kept, ${percent(loss)} worse` : `kept, ${percent(loss)} better`,
  lost: ({ judged: { loss } }) => `**lost ${percent(loss)}**, allowed are ${percent(ALLOWED_LOSS)}`,
  broken: ({ outcome: { fault } }) => `**broken**: ${fault}`,
  busy: ({ judged: { loss }, outcome: { fault } }) =>
    `skipped: ${fault ?? `${percent(loss)} worse`}, but the machine was busy with other work`,
  unmatched: ({ outcome: { fault } }) => `skipped: ${fault}`,
  'not stored': ({ outcome: { fault } }) => `skipped: nothing is stored${fault ? `, and ${fault}` : ''}`,
};

/** @param {Line} line */
function describe({ row: { scene, inFlight, figure, peer } }) {
  const found = SCENES.find(({ name }) => name === scene);
  const label = found ? figuresOf(found)[figure] : figure;
  return `${scene}, ${inFlight} in flight: ${label} by ${peer}'s`;
}

/**
 * A table of all rows, and a line for each that fails.
 *
 * @param {readonly Line[]} lines
 */
export function renderGate(lines) {
  const ratio = (/** @type {number | undefined} */ value) => (value === undefined ? '–' : rounded(value));
  const rows = lines.map((line) => {
    const { stored, outcome, judged } = line;
    const cells = [ratio(stored), ratio(outcome.ratio), String(outcome.rounds)];
    return [describe(line), ...cells, WORDS[judged.verdict](line).replaceAll('|', '\\|')];
  });
  const failures = lines.filter(({ judged }) => isFailure(judged));
  const notes = failures.map((line) => {
    const { stored, outcome, judged } = line;
    return `${describe(line)}: stored ${ratio(stored)}, measured ${ratio(outcome.ratio)}: ${WORDS[judged.verdict](line)}`;
  });
  const all = [
    ...table([['row', 'stored', 'measured', 'rounds', ''], ...rows]),
    ...(notes.length ? ['', ...notes] : []),
  ];
  return `${all.join('\n')}\n`;
}
