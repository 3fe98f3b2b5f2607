import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from './lib/build.mjs';
import { fetchServers } from './lib/fetch-servers.mjs';
import { startServer } from './lib/field.mjs';
import { describeHost, foreignShare, handlerUser } from './lib/host.mjs';
import { runMain, tell } from './lib/run-main.mjs';
import { withDirectory } from './lib/with-directory.mjs';
import { BARS, holdDuel, isMet } from './load/duel.mjs';

/**
 * @typedef {import('./load/duel.d.mts').Duel} Duel
 * @typedef {{server: string, duel?: Duel, problem?: string | undefined}} Row
 */

const USAGE = `usage: node bench/load.mjs [--seconds S] [--servers a,b] [--json FILE]

  5,000 connections/s from abusers and 10/s from a victim, each server with the limits that it has by itself

  --seconds S      length of each duel (20)
  --servers a,b    of zinetd, xinetd, tcpserver, ... (these three)
  --json FILE      write the figures to FILE
`;

const BUILD = fileURLToPath(new URL('build', import.meta.url));
const MOST_SECONDS = 3_600;
const SCENE = {
  name: 'load',
  title: 'Load',
  handler: 'raw',
  inFlight: [],
  flags: [],
  peers: [],
  limits: 'default',
};

/** The load has a processor of its own, the server the other ones. */
const PINNED = availableParallelism() > 1;
const LOAD_CPU = '0';
const SERVER_CPUS = `1-${availableParallelism() - 1}`;

/** @param {string} cpus */
const pinTo = (cpus) => (PINNED ? ['taskset', '-c', cpus] : []);

/** @param {readonly string[]} args */
function parseOptions(args) {
  const { values } = parseArgs({
    args: [...args],
    options: { seconds: { type: 'string' }, servers: { type: 'string' }, json: { type: 'string' } },
  });
  const seconds = Number(values.seconds ?? '20');
  if (!(seconds >= 1 && seconds <= MOST_SECONDS))
    throw new RangeError(
      `Cannot use --seconds "${values.seconds}": expected a number from 1 to ${MOST_SECONDS}`,
    );
  return { seconds, json: values.json, servers: (values.servers ?? 'zinetd,xinetd,tcpserver').split(',') };
}

/**
 * Each duel has a server of its own that has just started: what one leaves behind does not weigh on the next.
 *
 * @param {import('./lib/field.mjs').Entrant} entrant
 * @param {{bar: import('./load/duel.d.mts').Bar, seconds: number, contest: import('./lib/field.mjs').Contest}} options
 * @returns {Promise<Row>}
 */
async function oneDuel(entrant, { bar, seconds, contest }) {
  const server = entrant.server.name;
  tell(`${server}, ${bar.name}`);
  const running = await startServer(entrant, contest);
  try {
    if (!running.daemon || running.problem) return { server, problem: running.problem };
    const ground = { loadgen: contest.programs['loadgen'] ?? '', port: running.port, seconds };
    const duel = await holdDuel(bar, { ...ground, signal: contest.signal, prefix: pinTo(LOAD_CPU) });
    return { server, duel };
  } finally {
    await running.daemon?.stop();
  }
}

/** @param {Row} row */
function renderRow({ server, duel, problem }) {
  if (!duel) return `| ${server} | did not serve: ${(problem ?? '').replace(/\s+/g, ' ').slice(0, 160)} |`;
  const { victim, abusers } = duel;
  const errors = Object.entries(victim.errors).flatMap(([kind, count]) =>
    count > 0 ? [`${count} ${kind}`] : [],
  );
  const cells = [
    server,
    `${(victim.share * 100).toFixed(2)} %`,
    ...[victim.p50Ms, victim.p99Ms, victim.maxMs].map((ms) => ms.toFixed(1)),
    errors.join(', ') || 'none',
    ...[abusers.perSecond, abusers.served, abusers.turnedAway, abusers.unanswered].map((count) =>
      Math.round(count).toLocaleString('en'),
    ),
    isMet(duel) ? 'met' : '**not met**',
  ];
  return `| ${cells.join(' | ')} |`;
}

/**
 * @param {import('./load/duel.d.mts').Bar} bar
 * @param {readonly Row[]} rows
 */
function renderBar(bar, rows) {
  const head = ['server', 'victim served', 'p50, ms', 'p99, ms', 'max, ms', 'victim errors'].concat(
    ['abuse/s', 'served', 'turned away', 'unanswered'],
    `at least ${bar.share * 100} %, p99 at most ${bar.p99Ms} ms`,
  );
  const lines = [`| ${head.join(' | ')} |`, `|${head.map(() => ' --- |').join('')}`, ...rows.map(renderRow)];
  return `### ${bar.name}\n\n${lines.join('\n')}\n`;
}

/**
 * @param {ReturnType<typeof parseOptions>} options
 * @param {AbortSignal} signal
 */
async function main({ seconds, servers, json }, signal) {
  const programs = await build(BUILD, ['loadgen', 'raw']);
  const all = await fetchServers(servers, { directory: join(BUILD, 'peers'), signal, tell });
  const entrants = all.filter(({ server }) => server.variantOf === undefined);
  const host = describeHost(await foreignShare());
  await withDirectory('load', async (directory) => {
    const common = { scene: SCENE, programs, directory, user: handlerUser(), signal, tell };
    const contest = { ...common, rounds: 1, seconds, pins: pinTo(SERVER_CPUS) };
    const bars = [];
    for (const bar of Object.values(BARS)) {
      const rows = [];
      for (const entrant of entrants) rows.push(await oneDuel(entrant, { bar, seconds, contest }));
      bars.push({ bar, rows });
      process.stdout.write(`${renderBar(bar, rows)}\n`);
    }
    process.stdout.write(
      `${host}. ${seconds} s each${PINNED ? ', load and server on processors of their own' : ''}.\n`,
    );
    if (json) await writeFile(json, `${JSON.stringify({ host, seconds, bars }, null, 2)}\n`);
  });
}

await runMain(USAGE, (args, signal) => main(parseOptions(args), signal));
