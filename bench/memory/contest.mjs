import { startServer, stopAll } from '../lib/field.mjs';
import { costOfHeld } from './held.mjs';
import { restOf } from './idle.mjs';

/**
 * @typedef {import('../lib/field.mjs').Entrant} Entrant
 * @typedef {import('../lib/field.mjs').Contest} Contest
 * @typedef {import('../lib/scene.d.mts').Result} Result
 * @typedef {import('../lib/scene.d.mts').Sample} Sample
 */

/**
 * All servers in a scene of memory, in turns. Each measurement has a server that has just started: memory that one has
 * taken once, it keeps.
 *
 * @param {readonly Entrant[]} entrants
 * @param {Contest} contest
 * @returns {Promise<readonly Result[]>}
 */
export async function weigh(entrants, contest) {
  const { scene, rounds, tell } = contest;
  const [count = 0] = scene.inFlight;
  const rows = entrants.map((entrant) => ({
    entrant,
    samples: /** @type {Sample[]} */ ([]),
    problem: entrant.problem,
  }));
  for (let round = 1; round <= rounds; round++) {
    tell(`${scene.title}, round ${round} of ${rounds}`);
    for (const row of rows.filter(({ problem }) => !problem)) await weighOne(row, contest);
  }
  return rows.map(({ entrant, samples, problem }) => {
    const result = { server: entrant.server.name, scene: scene.name, inFlight: count, samples };
    return problem ? { ...result, problem } : result;
  });
}

/**
 * @param {{entrant: Entrant, samples: Sample[], problem: string | undefined}} row
 * @param {Contest} contest
 */
async function weighOne(row, contest) {
  const [count = 0] = contest.scene.inFlight;
  const running = await startServer(row.entrant, contest);
  const { daemon, port, problem } = running;
  try {
    row.problem = problem;
    if (!daemon || problem) return;
    const sample = contest.scene.kind === 'idle' ? restOf(daemon) : costOfHeld(daemon, { port, count });
    row.samples.push(await sample);
  } finally {
    await stopAll([running]);
  }
}
