import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeHost, foreignShare, handlerUser } from './lib/host.mjs';
import { insertBetweenMarks } from './lib/insert-between-marks.mjs';
import { answer, pause, probe, untilClosed, untilOpen } from './lib/ports.mjs';
import { runMain } from './lib/run-main.mjs';
import { start } from './lib/start.mjs';
import { summarise } from './lib/statistics.mjs';
import { withDirectory } from './lib/with-directory.mjs';
import { xinetd } from './servers/xinetd.mjs';
import { placesOf, xinetdConfiguration, zinetdConfiguration } from './services/configurations.mjs';

/*
 * services.mjs: how long a start and a reload take with many services in one file, what clients of another service feel
 * of the reload, and where the compiler's time goes.
 */
const { values } = parseArgs({
  options: {
    services: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '7' },
    port: { type: 'string', default: '21000' },
    docs: { type: 'string' },
  },
});
const COUNT = Number(values.services);
const ROUNDS = Number(values.rounds);
const BASE_PORT = Number(values.port);

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const BUILD = fileURLToPath(new URL('build', import.meta.url));
const PATH = '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin';
/** From the reload on, for what comes behind it. */
const LINGER_MS = 300;

/** @param {readonly number[]} numbers */
const median = (numbers) => summarise(numbers).median;

/**
 * @typedef {object} Entrant
 * @property {string} name
 * @property {(plan: import('./services/configurations.mjs').Plan) => string} configuration
 * @property {(file: string) => [string, ...string[]]} argv
 * @property {Record<string, string>} environment
 *
 * @typedef {{startMs: number, reloadMs: number, busyMs: number, usualMs: number, stallMs: number}} Round
 */

/** @param {AbortSignal} signal */
async function entrants(signal) {
  const directory = join(BUILD, 'peers', 'xinetd');
  await mkdir(directory, { recursive: true });
  const { program, version, environment } = await xinetd.fetch({ directory, signal });
  /** @type {Entrant[]} */
  const both = [
    {
      name: 'zinetd',
      configuration: zinetdConfiguration,
      argv: (file) => {
        const own = ['--control', 'none', '--state-dir', `${file}.state`];
        return [process.execPath, join(ROOT, 'dist/main.js'), 'run', '-c', file, ...own];
      },
      environment: { PATH },
    },
    {
      name: `xinetd ${version}`,
      configuration: xinetdConfiguration,
      argv: (file) => {
        const own = ['-f', file, '-filelog', `${file}.log`, '-pidfile', `${file}.pid`];
        return [program, '-dontfork', ...own];
      },
      environment: { PATH, ...environment },
    },
  ];
  return both;
}

/**
 * @param {Entrant} entrant
 * @param {{directory: string, round: number}} where
 * @returns {Promise<Round>}
 */
async function playRound({ name, configuration, argv, environment }, { directory, round }) {
  const file = join(directory, `${name.split(' ')[0]}-${round}`);
  const plan = { count: COUNT, basePort: BASE_PORT, isMoved: false, user: handlerUser()?.name };
  const moved = { ...plan, isMoved: true };
  const reload = async (/** @type {typeof plan} */ to) => {
    await writeFile(file, configuration(to), { mode: 0o644 });
    const askedMs = performance.now();
    daemon.reload();
    return await untilOpen(placesOf(to).moving, askedMs);
  };
  const { last, probed } = placesOf(plan);
  await writeFile(file, configuration(plan), { mode: 0o644 });
  const sinceMs = performance.now();
  const daemon = start(argv(file), environment);
  try {
    await untilOpen(last, sinceMs);
    await untilOpen(probed, sinceMs);
    await answer(probed);
    const startMs = performance.now() - sinceMs;
    const usual = probe(probed);
    await pause(LINGER_MS);
    const usualMs = Math.max(...(await usual()));
    const reloadMs = await reload(moved);
    await untilClosed(placesOf(plan).moving);
    const answers = probe(probed);
    const busyMs = await reload(plan);
    await pause(LINGER_MS);
    return { startMs, usualMs, reloadMs, busyMs, stallMs: Math.max(...(await answers())) };
  } finally {
    await daemon.stop();
  }
}

/** @param {string} directory */
async function compileSteps(directory) {
  const file = join(directory, 'steps.yaml');
  const plan = { count: COUNT, basePort: BASE_PORT, isMoved: false, user: handlerUser()?.name };
  await writeFile(file, zinetdConfiguration(plan), { mode: 0o644 });
  const script = fileURLToPath(new URL('services/compile-steps.mjs', import.meta.url));
  const rounds = Array.from({ length: ROUNDS }, () => {
    const text = execFileSync(process.execPath, [script, file], { encoding: 'utf8' });
    return /** @type {Record<string, number>} */ (JSON.parse(text));
  });
  return Object.keys(rounds[0] ?? {}).map(
    (step) => /** @type {const} */ ([step, median(rounds.map((each) => each[step] ?? 0))]),
  );
}

/** @param {readonly {name: string, rounds: readonly Round[]}[]} results */
function renderTimes(results) {
  const rows = results.map(({ name, rounds }) => {
    const of = (/** @type {keyof Round} */ figure) => median(rounds.map((round) => round[figure]));
    const times = [of('startMs'), of('reloadMs'), of('busyMs')].map((ms) => ms.toFixed(0));
    const answers = [of('stallMs'), of('usualMs')].map((ms) => ms.toFixed(1));
    return `| ${[name, ...times, ...answers].join(' | ')} |`;
  });
  return [
    '| server | start, ms | reload, ms | the same while clients ask, ms | slowest answer during it, ms | slowest without it, ms |',
    '|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

/**
 * @param {string} directory
 * @param {AbortSignal} signal
 */
async function play(directory, signal) {
  const all = await entrants(signal);
  const results = all.map((entrant) => ({
    entrant,
    name: entrant.name,
    rounds: /** @type {Round[]} */ ([]),
  }));
  for (let round = 0; round < ROUNDS; round++) {
    for (const { entrant, rounds } of results) rounds.push(await playRound(entrant, { directory, round }));
  }
  const steps = await compileSteps(directory);
  const where = [
    '| step of the compiler | CPU, ms |',
    '|---|---|',
    ...steps.map(([step, ms]) => `| ${step} | ${ms.toFixed(0)} |`),
  ];
  return `${renderTimes(results)}\n\n${where.join('\n')}\n`;
}

const USAGE = 'usage: node bench/services.mjs [--services N] [--rounds N] [--port FIRST] [--docs FILE]\n';

await runMain(USAGE, async (_, signal) => {
  const share = await foreignShare();
  const tables = await withDirectory('services', (directory) => play(directory, signal));
  const text = `${describeHost(share)} ${COUNT} services, ${ROUNDS} rounds, medians.\n\n${tables}`;
  process.stdout.write(text);
  if (!values.docs) return;
  const page = await readFile(values.docs, 'utf8');
  await writeFile(values.docs, insertBetweenMarks(page, { name: 'services', text }));
});
