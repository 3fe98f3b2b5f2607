import { keyOf } from '../lib/goals.mjs';
import { measureRows } from './measure-rows.mjs';
import { ROWS } from './rows.mjs';
import { readStored, writeStored } from './stored.mjs';

const DIGITS = 1000;

/**
 * Measures what the gate compares, and writes it down. A row that could not be measured in quiet stays as it was.
 *
 * @param {import('../lib/session.mjs').Session} session
 * @param {import('../lib/options.d.mts').Options} options
 */
export async function storeRatios(session, { rounds, seconds, scenes }) {
  const rows = ROWS.filter(({ scene }) => scenes.includes(scene));
  const { ratios } = await readStored();
  for (const { row, outcome } of await measureRows(session, { rows, rounds, seconds })) {
    const { ratio, fault, isBusy } = outcome;
    const why = fault ?? (isBusy ? 'the machine was busy with other work' : undefined);
    if (ratio === undefined || why) session.tell(`${keyOf(row)} is not stored: ${why}`);
    else ratios[keyOf(row)] = Math.round(ratio * DIGITS) / DIGITS;
  }
  await writeStored({ host: session.host, rounds, seconds, ratios });
  process.stdout.write(`${JSON.stringify(ratios, null, 2)}\n`);
}
