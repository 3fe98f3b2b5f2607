import { keyOf } from '../lib/goals.mjs';
import { compareRow, isFailure } from './compare.mjs';
import { measureRows } from './measure-rows.mjs';

/**
 * @typedef {import('./gate.d.mts').Row} Row
 * @typedef {import('./gate.d.mts').Line} Line
 * @typedef {{ratios: Readonly<Record<string, number>>, rounds: number, seconds: number}} How
 */

/** A row that seems worse is looked at again, with servers that have just started. */
const TIMES_MORE = 3;

/**
 * Measures rows, those that seem worse twice, and says which are.
 *
 * @param {Pick<import('../lib/session.mjs').Session, 'hold' | 'tell'>} session
 * @param {How & {rows: readonly Row[]}} options
 * @returns {Promise<readonly Line[]>}
 */
export async function judgeRows(session, { rows, ...how }) {
  const first = await judgeOnce(session, { rows, ...how });
  const doubtful = first.filter(({ judged }) => isFailure(judged) || judged.verdict === 'busy');
  if (doubtful.length === 0) return first;
  session.tell(`Again: ${doubtful.map(({ row }) => keyOf(row)).join(', ')}`);
  const longer = { ...how, rounds: how.rounds * TIMES_MORE };
  const again = await judgeOnce(session, { ...longer, rows: doubtful.map(({ row }) => row) });
  return first.map((one) => again.find(({ row }) => row === one.row) ?? one);
}

/**
 * @param {Pick<import('../lib/session.mjs').Session, 'hold'>} session
 * @param {How & {rows: readonly Row[]}} options
 * @returns {Promise<readonly Line[]>}
 */
async function judgeOnce(session, { rows, ratios, rounds, seconds }) {
  const measured = await measureRows(session, { rows, rounds, seconds });
  return measured.map(({ row, outcome }) => {
    const stored = ratios[keyOf(row)];
    return { row, stored, outcome, judged: compareRow(row, { stored, outcome }) };
  });
}
