import { measure } from './measure.mjs';
import { isDisturbed } from './quiet.mjs';

/**
 * @typedef {import('./field.mjs').Contest} Contest
 * @typedef {import('./field.mjs').Running} Running
 * @typedef {import('./scene.d.mts').Scene} Scene
 * @typedef {import('./scene.d.mts').Sample} Sample
 *
 * @typedef {object} Run
 * @property {Running} running
 * @property {number} inFlight
 * @property {Sample[]} samples
 */

const ATTEMPTS = 3;

/**
 * @param {readonly Running[]} field
 * @param {Contest} contest
 * @returns {Promise<readonly Run[]>}
 */
export async function measureInTurns(field, contest) {
  const { scene, rounds } = contest;
  /** @type {Run[]} */
  const runs = field.flatMap((running) =>
    scene.inFlight.map((inFlight) => ({ running, inFlight, samples: [] })),
  );
  for (let round = 1; round <= rounds; round++) {
    contest.tell(`${scene.title}, round ${round} of ${rounds}`);
    for (const inFlight of scene.inFlight) {
      const now = runs.filter((run) => run.inFlight === inFlight && (round === 1 || !slowness(run, scene)));
      for (const run of now) await measureOne(run, contest);
    }
  }
  return runs;
}

/**
 * @param {{running: Running}} run
 * @param {Scene} scene
 */
const slowness = ({ running }, { refusedNet }) =>
  refusedNet ? running.entrant.server.refusing?.slow : undefined;

/**
 * @param {Run} run
 * @param {Contest} contest
 */
async function measureOne({ running, inFlight, samples }, contest) {
  const { programs, helperPid, seconds, signal, scene, attempts = ATTEMPTS } = contest;
  const { daemon, port, problem } = running;
  signal.throwIfAborted();
  if (!daemon || problem) return;
  const { warmUp, timeoutMs, flags } = scene;
  const load = {
    loadgen: programs['loadgen'] ?? '',
    pid: daemon.pid,
    helperPid,
    port,
    inFlight,
    signal,
    flags,
  };
  // One that is slow would never warm up.
  const slow = slowness({ running }, scene);
  const run = { ...load, seconds, warmUp, timeoutMs, ...(slow ? { ...slow, warmUp: 0 } : {}) };
  const count = (/** @type {Sample} */ sample) => {
    running.total += sample.total;
  };
  samples.push(await measureInQuiet(run, { attempts, count }));
}

/**
 * Measures again while something else keeps the machine busy; if that does not end, the least disturbed
 * measurement counts.
 *
 * @param {Parameters<typeof measure>[0]} run
 * @param {{attempts: number, count: (sample: Sample) => void}} options count is told of each attempt
 * @returns {Promise<Sample>}
 */
async function measureInQuiet(run, { attempts, count }) {
  let best = await measure(run);
  count(best);
  for (let attempt = 1; attempt < attempts && isDisturbed(best); attempt++) {
    const sample = await measure(run);
    count(sample);
    if (sample.foreignShare < best.foreignShare) best = sample;
  }
  return best;
}
