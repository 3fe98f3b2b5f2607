import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Daemon } from './daemon.mjs';
import { freePort } from './free-port.mjs';
import { measure } from './measure.mjs';

/**
 * @typedef {import('./servers.mjs').Server} Server
 * @typedef {import('./servers.mjs').Program} Program
 * @typedef {import('./measure.mjs').Sample} Sample
 * @typedef {import('./scenes.mjs').Scene} Scene
 *
 * @typedef {object} Entrant
 * @property {Server} server
 * @property {Program} [program] undefined: not to be had
 * @property {string} [problem] why it takes no part
 *
 * @typedef {object} Result
 * @property {string} server
 * @property {string} scene
 * @property {number} inFlight
 * @property {readonly Sample[]} samples
 * @property {string} [problem]
 * @property {string} [does] per refusal
 * @property {{refused: number, told: number}} [log] of all in flight: how many it refused, and how many its log has
 *
 * @typedef {object} Contest
 * @property {Scene} scene
 * @property {Record<string, string>} programs built ones, by name
 * @property {string} directory of state, which handlers' users can enter
 * @property {{name: string, uid: number, gid: number} | undefined} user
 * @property {number} rounds
 * @property {number} seconds
 * @property {AbortSignal} signal
 * @property {(line: string) => void} tell
 * @property {number} [relayedTo] port of loopback
 * @property {readonly string[]} [pins] before the command line of each server
 *
 * @typedef {object} Running
 * @property {Entrant} entrant
 * @property {number} port
 * @property {string} stem of its files
 * @property {number} total connections that ended as they should
 * @property {Daemon | undefined} daemon
 * @property {string | undefined} problem
 */

/** Up to 8 % of the machine goes to the kernel's own threads and to us, with nothing else running. */
export const QUIET_SHARE = 0.12;
const ATTEMPTS = 3;

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
  try {
    for (const entrant of entrants) {
      await startServer(entrant, { ...contest, relayedTo: relayed?.port }, field);
    }
    const runs = await measureInTurns(field, contest);
    await stopAll(field);
    return await Promise.all(runs.map((run) => resultOf(run, contest.scene)));
  } finally {
    await stopAll(field);
    await relayed?.daemon.stop();
  }
}

/**
 * Whom all servers of a scene lead connections to.
 *
 * @param {Contest} contest
 */
async function startTarget({ scene, programs, directory, signal }) {
  if (scene.relayedBytes === undefined) return undefined;
  const port = await freePort();
  const argv = [programs['target'] ?? '', String(port), String(scene.relayedBytes)];
  const daemon = new Daemon({ argv, environment: {} }, join(directory, `target-${scene.name}`));
  await daemon.ready(port, signal);
  return { port, daemon };
}

/** @param {readonly Running[]} field */
async function stopAll(field) {
  await Promise.all(field.map(({ daemon }) => daemon?.stop()));
}

/**
 * Starts a server and waits until it serves. Joins the field before anything can go wrong, so that whatever
 * runs is stopped.
 *
 * @param {Entrant} entrant
 * @param {Contest} contest
 * @param {Running[]} [field]
 * @returns {Promise<Running>}
 */
export async function startServer(entrant, contest, field = []) {
  const port = await freePort();
  /** @type {Running} */
  const running = { entrant, port, stem: '', total: 0, daemon: undefined, problem: entrant.problem };
  running.stem = join(contest.directory, `${entrant.server.name}-${contest.scene.name}`);
  field.push(running);
  if (!entrant.program) return running;
  try {
    running.daemon = await launch(running, { contest, program: entrant.program });
    await running.daemon.ready(port, contest.signal);
  } catch (error) {
    contest.signal.throwIfAborted();
    running.problem = error instanceof Error ? error.message : String(error);
    contest.tell(`${entrant.server.name}: ${running.problem}`);
  }
  return running;
}

/**
 * @param {Running} running
 * @param {{contest: Contest, program: Program}} options
 */
async function launch({ entrant: { server }, port, stem }, { contest, program }) {
  const { scene, user } = contest;
  const handler = `${stem}.handler`;
  await copyFile(contest.programs[scene.handler] ?? '', handler);
  const refused = scene.refusedNet ? { net: scene.refusedNet, path: `${stem}.rules` } : undefined;
  const limits = scene.limits ?? 'lifted';
  const { relayedTo } = contest;
  const target = {
    port,
    handler,
    user,
    limits,
    refused,
    relayedTo,
    file: `${stem}.conf`,
    log: `${stem}.log`,
  };
  if (refused) await server.refusing?.prepare?.(program.program, { ...target, refused });
  if (server.configuration) await writeFile(target.file, server.configuration(target));
  const environment = {
    PATH: process.env['PATH'] ?? '/usr/sbin:/usr/bin:/sbin:/bin',
    ...program.environment,
  };
  const [first, ...rest] = [...(contest.pins ?? []), ...server.argv(program.program, target)];
  return new Daemon({ argv: [first ?? '', ...rest], environment }, stem);
}

/**
 * @typedef {object} Run
 * @property {Running} running
 * @property {number} inFlight
 * @property {Sample[]} samples
 */

/**
 * @param {readonly Running[]} field
 * @param {Contest} contest
 * @returns {Promise<readonly Run[]>}
 */
async function measureInTurns(field, contest) {
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

/**
 * @param {Run} run
 * @param {Contest} contest
 */
async function measureOne({ running, inFlight, samples }, { programs, seconds, signal, scene }) {
  const { daemon, port, problem } = running;
  signal.throwIfAborted();
  if (!daemon || problem) return;
  const slow = slowness({ running }, scene);
  const load = {
    loadgen: programs['loadgen'] ?? '',
    pid: daemon.pid,
    port,
    inFlight,
    signal,
    flags: scene.flags,
  };
  samples.push(
    await measureInQuiet({ ...load, seconds, ...slow }, (sample) => {
      running.total += sample.total;
    }),
  );
}

/**
 * Measures again while something else keeps the machine busy; if that does not end, the least disturbed
 * measurement counts.
 *
 * @param {Parameters<typeof measure>[0]} run
 * @param {(sample: Sample) => void} count is told of each attempt
 * @returns {Promise<Sample>}
 */
async function measureInQuiet(run, count) {
  let best = await measure(run);
  count(best);
  for (let attempt = 1; attempt < ATTEMPTS && best.foreignShare > QUIET_SHARE; attempt++) {
    const sample = await measure(run);
    count(sample);
    if (sample.foreignShare < best.foreignShare) best = sample;
  }
  return best;
}
