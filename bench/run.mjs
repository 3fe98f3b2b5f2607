import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './lib/build.mjs';
import { holdContest } from './lib/contest.mjs';
import { fetchServers } from './lib/fetch-servers.mjs';
import { describeHost, foreignShare, handlerUser } from './lib/host.mjs';
import { insertBetweenMarks } from './lib/insert-between-marks.mjs';
import { parseOptions, USAGE } from './lib/options.mjs';
import { renderReport } from './lib/report.mjs';
import { SCENES } from './lib/scenes.mjs';

/**
 * @typedef {import('./lib/options.mjs').Options} Options
 * @typedef {import('./lib/contest.mjs').Entrant} Entrant
 */

/** Not in the build directory of the checkout, which node-gyp empties. */
const BUILD = fileURLToPath(new URL('build', import.meta.url));
const BUSY_SHARE = 0.05;

/** @param {string} line */
const tell = (line) => void process.stderr.write(`${line}\n`);

/**
 * @param {Options} options
 * @param {AbortSignal} signal
 */
async function bench(options, signal) {
  const programs = await build(BUILD, ['loadgen', 'target', 'raw', 'glibc']);
  const entrants = await fetchServers(options.servers, { directory: join(BUILD, 'peers'), signal, tell });
  const share = await foreignShare();
  const host = describeHost(share);
  if (share > BUSY_SHARE) tell('The machine is busy with something else: these figures will be noise');
  // Not below the checkout: the handlers' user may not be able to enter that.
  const directory = await mkdtemp(join(tmpdir(), 'zinetd-bench-'));
  try {
    await chmod(directory, 0o755);
    const results = [];
    for (const scene of SCENES.filter((each) => isWanted(each, options))) {
      const { rounds, seconds } = options;
      const contest = { scene, programs, directory, user: handlerUser(), rounds, seconds, signal, tell };
      const able = entrants.filter(({ server }) => canPlay(server, scene));
      results.push(...(await holdContest(able, contest)));
    }
    const text = `${renderHead({ host, options, entrants })}\n${renderReport(results)}`;
    process.stdout.write(text);
    await keep({ text, data: { host, options, results } }, options);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/**
 * @param {import('./lib/scenes.mjs').Scene} scene
 * @param {Options} options
 */
function isWanted({ refusedNet, relayedBytes }, { refusals, redirect }) {
  if (!refusals && !redirect) return true;
  return (refusals && refusedNet !== undefined) || (redirect && relayedBytes !== undefined);
}

/**
 * @param {import('./lib/servers.mjs').Server} server
 * @param {import('./lib/scenes.mjs').Scene} scene
 */
function canPlay(server, { refusedNet, relayedBytes }) {
  if (refusedNet) return server.refusing !== undefined;
  return relayedBytes === undefined || server.relays === true;
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

/** @param {{host: string, options: Options, entrants: readonly Entrant[]}} run */
function renderHead({ host, options, entrants }) {
  const versions = entrants.map(
    ({ server, program }) => `${server.name} ${program?.version ?? '(none)'} (log: ${server.log})`,
  );
  return `${host}. ${options.rounds} rounds of ${options.seconds} s. ${versions.join(', ')}.\n`;
}

/** Ends with the exit code of a program that a signal stops, after everything started has been stopped. */
async function main() {
  const stop = new AbortController();
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.once(signal, () => stop.abort(new Error(`Stopped by ${signal}`)));
  }
  try {
    await bench(parseOptions(process.argv.slice(2)), stop.signal);
  } catch (error) {
    tell(error instanceof Error ? error.message : String(error));
    const wrongUsage = error instanceof RangeError || error instanceof TypeError;
    if (wrongUsage) process.stderr.write(USAGE);
    process.exitCode = stop.signal.aborted ? 130 : wrongUsage ? 2 : 3;
  }
}

await main();
