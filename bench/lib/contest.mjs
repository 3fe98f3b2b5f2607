import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Daemon } from './daemon.mjs';
import { freePort } from './free-port.mjs';
import { measure } from './measure.mjs';

/**
 * @typedef {import('./servers.mjs').Server} Server
 * @typedef {import('./servers.mjs').Program} Program
 * @typedef {import('./measure.mjs').Sample} Sample
 *
 * @typedef {object} Entrant
 * @property {Server} server
 * @property {Program} [program] undefined: not to be had
 * @property {string} [problem] why it takes no part
 *
 * @typedef {object} Result
 * @property {string} server
 * @property {string} handler
 * @property {number} inFlight
 * @property {readonly Sample[]} samples
 * @property {string} [problem]
 *
 * @typedef {object} Contest
 * @property {string} handler name
 * @property {Record<string, string>} programs built ones, by name
 * @property {string} directory of state, which handlers' users can enter
 * @property {{name: string, uid: number, gid: number} | undefined} user
 * @property {number} rounds
 * @property {number} seconds
 * @property {AbortSignal} signal
 * @property {(line: string) => void} tell
 *
 * @typedef {object} Running
 * @property {Entrant} entrant
 * @property {number} port
 * @property {Daemon | undefined} daemon
 * @property {string | undefined} problem
 */

export const IN_FLIGHT = [16, 1];

/** Up to 8 % of the machine goes to the kernel's own threads and to us, with nothing else running. */
export const QUIET_SHARE = 0.12;
const ATTEMPTS = 3;

/**
 * All servers with one handler: started together, measured in turns, stopped whatever happens.
 *
 * @param {readonly Entrant[]} entrants
 * @param {Contest} contest
 * @returns {Promise<readonly Result[]>}
 */
export async function holdContest(entrants, contest) {
  /** @type {Running[]} */
  const field = [];
  try {
    for (const entrant of entrants) await startOne(entrant, { field, contest });
    return await measureInTurns(field, contest);
  } finally {
    await Promise.all(field.map(({ daemon }) => daemon?.stop()));
  }
}

/**
 * Adds itself to the field before anything can go wrong, so that whatever runs is stopped.
 *
 * @param {Entrant} entrant
 * @param {{field: Running[], contest: Contest}} options
 */
async function startOne(entrant, { field, contest }) {
  const port = await freePort();
  /** @type {Running} */
  const running = { entrant, port, daemon: undefined, problem: entrant.problem };
  field.push(running);
  if (!entrant.program) return;
  try {
    running.daemon = await launch(entrant, { port, contest, program: entrant.program });
    await running.daemon.ready(port, contest.signal);
  } catch (error) {
    contest.signal.throwIfAborted();
    running.problem = error instanceof Error ? error.message : String(error);
    contest.tell(`${entrant.server.name}: ${running.problem}`);
  }
}

/**
 * @param {Entrant} entrant
 * @param {{port: number, contest: Contest, program: Program}} options
 */
async function launch({ server }, { port, contest, program }) {
  const stem = join(contest.directory, `${server.name}-${contest.handler}`);
  const handler = `${stem}.handler`;
  await copyFile(contest.programs[contest.handler] ?? '', handler);
  const target = { port, handler, user: contest.user, file: `${stem}.conf`, log: `${stem}.log` };
  if (server.configuration) await writeFile(target.file, server.configuration(target));
  const environment = {
    PATH: process.env['PATH'] ?? '/usr/sbin:/usr/bin:/sbin:/bin',
    ...program.environment,
  };
  return new Daemon({ argv: server.argv(program.program, target), environment }, stem);
}

/**
 * @param {readonly Running[]} field
 * @param {Contest} contest
 * @returns {Promise<readonly Result[]>}
 */
async function measureInTurns(field, contest) {
  const { handler } = contest;
  const runs = field.flatMap((running) =>
    IN_FLIGHT.map((inFlight) => ({ running, inFlight, samples: /** @type {Sample[]} */ ([]) })),
  );
  for (let round = 1; round <= contest.rounds; round++) {
    contest.tell(`handler ${handler}, round ${round} of ${contest.rounds}`);
    for (const inFlight of IN_FLIGHT) {
      for (const run of runs.filter((each) => each.inFlight === inFlight)) await measureOne(run, contest);
    }
  }
  return runs.map(({ running, inFlight, samples }) => {
    const { problem, entrant } = running;
    return { server: entrant.server.name, handler, inFlight, samples, ...(problem ? { problem } : {}) };
  });
}

/**
 * @param {{running: Running, inFlight: number, samples: Sample[]}} run
 * @param {Contest} contest
 */
async function measureOne({ running, inFlight, samples }, { programs, seconds, signal }) {
  const { daemon, port, problem } = running;
  signal.throwIfAborted();
  if (!daemon || problem) return;
  const run = { loadgen: programs['loadgen'] ?? '', pid: daemon.pid, port, inFlight, seconds, signal };
  samples.push(await measureInQuiet(run));
}

/**
 * Measures again while something else keeps the machine busy; if that does not end, the least disturbed
 * measurement counts.
 *
 * @param {Parameters<typeof measure>[0]} run
 * @returns {Promise<Sample>}
 */
async function measureInQuiet(run) {
  let best = await measure(run);
  for (let attempt = 1; attempt < ATTEMPTS && best.foreignShare > QUIET_SHARE; attempt++) {
    const sample = await measure(run);
    if (sample.foreignShare < best.foreignShare) best = sample;
  }
  return best;
}
