import { readFile } from 'node:fs/promises';
import { startServer, startTarget, stopAll } from './field.mjs';
import { measureInTurns } from './turns.mjs';

/**
 * @typedef {import('./field.mjs').Entrant} Entrant
 * @typedef {import('./field.mjs').Contest} Contest
 * @typedef {import('./field.mjs').Running} Running
 * @typedef {import('./scene.d.mts').Scene} Scene
 * @typedef {import('./scene.d.mts').Result} Result
 */

/**
 * All servers in one scene: started together, measured in turns, stopped whatever happens.
 *
 * @param {readonly Entrant[]} entrants
 * @param {Contest} contest
 * @returns {Promise<readonly Result[]>}
 */
export async function holdContest(entrants, contest) {
  /** @type {Running[]} */
  const field = [];
  const relayed = await startTarget(contest);
  const whole = { ...contest, relayedTo: relayed?.port, helperPid: relayed?.daemon.pid };
  try {
    for (const entrant of entrants) await startServer(entrant, whole, field);
    const runs = await measureInTurns(field, whole);
    await stopAll(field);
    return await Promise.all(runs.map((run) => resultOf(run, contest.scene)));
  } finally {
    await stopAll(field);
    await relayed?.daemon.stop();
  }
}

/**
 * @param {import('./turns.mjs').Run} run
 * @param {Scene} scene
 * @returns {Promise<Result>}
 */
async function resultOf({ running, inFlight, samples }, scene) {
  const { problem, entrant } = running;
  const result = { server: entrant.server.name, scene: scene.name, inFlight, samples };
  const refusing = scene.refusedNet ? entrant.server.refusing : undefined;
  if (problem || !refusing) return { ...result, ...(problem ? { problem } : {}) };
  if (!refusing.logged) return { ...result, does: refusing.does };
  const log = { refused: running.total, told: refusing.logged(await readLogs(running.stem)) };
  return { ...result, does: refusing.does, log };
}

/**
 * What a server wrote, wherever it writes its log.
 *
 * @param {string} stem
 */
async function readLogs(stem) {
  const files = ['log', 'stdout', 'stderr'].map((end) =>
    readFile(`${stem}.${end}`, 'latin1').catch(() => ''),
  );
  return (await Promise.all(files)).join('\n');
}
