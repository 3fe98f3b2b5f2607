import { isFailure } from './compare.mjs';
import { judgeRows } from './judge-rows.mjs';
import { renderGate } from './render-gate.mjs';
import { ROWS } from './rows.mjs';
import { readStored } from './stored.mjs';

/**
 * Compares with what was stored; the exit code is 1 when a row is worse.
 *
 * @param {import('../lib/session.mjs').Session} session
 * @param {import('../lib/options.d.mts').Options} options
 */
export async function holdGate(session, { rounds, seconds, scenes }) {
  const { ratios } = await readStored();
  if (Object.keys(ratios).length === 0)
    session.tell('Nothing is stored to compare with: npm run bench -- --store writes it');
  const rows = ROWS.filter(({ scene }) => scenes.includes(scene));
  const lines = await judgeRows(session, { rows, ratios, rounds, seconds });
  process.stdout.write(renderGate(lines));
  if (lines.some(({ judged }) => isFailure(judged))) process.exitCode = 1;
}
