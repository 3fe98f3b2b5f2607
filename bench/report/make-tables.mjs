import { readFile, writeFile } from 'node:fs/promises';
import { insertBetweenMarks } from '../lib/insert-between-marks.mjs';
import { SCENES } from '../lib/scenes.mjs';
import { renderReport } from './report.mjs';

/**
 * @typedef {import('../lib/options.d.mts').Options} Options
 * @typedef {import('../lib/session.mjs').Session} Session
 */

/**
 * All scenes that are wanted, as tables.
 *
 * @param {Session} session
 * @param {Options} options
 */
export async function makeTables(session, options) {
  const { rounds, seconds, scenes } = options;
  const results = [];
  for (const scene of SCENES.filter(({ name }) => scenes.includes(name))) {
    const { roundsTimes = 1 } = scene;
    results.push(...(await session.hold(scene, { rounds: rounds * roundsTimes, seconds })));
  }
  const text = `${renderHead(session, options)}\n${renderReport(results)}`;
  process.stdout.write(text);
  await keep({ text, data: { host: session.host, options, results } }, options);
}

/**
 * @param {{text: string, data: unknown}} outcome
 * @param {Options} options
 */
async function keep({ text, data }, { json, insert }) {
  if (json) await writeFile(json, `${JSON.stringify(data, null, 2)}\n`);
  if (insert)
    await writeFile(insert, insertBetweenMarks(await readFile(insert, 'utf8'), { name: 'figures', text }));
}

/**
 * @param {Session} session
 * @param {Options} options
 */
function renderHead({ host, entrants }, { rounds, seconds }) {
  const versions = entrants
    .filter(({ server }) => server.variantOf === undefined)
    .map(({ server, program }) => `${server.name} ${program?.version ?? '(none)'} (log: ${server.log})`);
  return `${host}. ${rounds} rounds of ${seconds} s. ${versions.join(', ')}.\n`;
}
