import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from './lib/build.mjs';
import { freePort } from './lib/free-port.mjs';
import { describeHost, foreignShare, handlerUser } from './lib/host.mjs';
import { insertBetweenMarks } from './lib/insert-between-marks.mjs';
import { measure } from './lib/measure.mjs';
import { untilOpen } from './lib/ports.mjs';
import { runMain } from './lib/run-main.mjs';
import { start } from './lib/start.mjs';
import { summarise } from './lib/statistics.mjs';
import { withDirectory } from './lib/with-directory.mjs';

/*
 * sandbox.mjs: what the sandbox of a handler costs a launch: one zinetd whose services differ in nothing else, asked in turns by the
 * load generator, one connection at a time and sixteen.
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '2' },
    docs: { type: 'string' },
  },
});
const BUILD = fileURLToPath(new URL('build', import.meta.url));
const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const PATH = '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin';
const ROUNDS = Number(values.rounds);
const IN_FLIGHT = [1, 16];

/** @type {Record<string, string>} */
const PROFILES = {
  'mode: inetd': 'mode: inetd',
  'mode: extended': 'mode: extended, stderr: socket, peer_env: []',
  'the same, told and heard': 'mode: extended',
  'with system_calls': 'mode: extended, stderr: socket, peer_env: [], system_calls: ["@system-service"]',
  'with protect_system: strict': 'mode: extended, stderr: socket, peer_env: [], protect_system: strict',
  'with protect_home': 'mode: extended, stderr: socket, peer_env: [], protect_home: true',
  'with private_pids': 'mode: extended, stderr: socket, peer_env: [], private_pids: true',
  'with private_network': 'mode: extended, stderr: socket, peer_env: [], private_network: true',
};

/** @param {{raw: string, ports: readonly number[]}} options */
function configuration({ raw, ports }) {
  const user = handlerUser();
  const common = `server: ${raw}, instances: 5000, log_type: none${user ? `, user: ${user.name}` : ''}`;
  const services = Object.values(PROFILES).map(
    (attributes, index) =>
      `  s${index}: {listen: "tcp://127.0.0.1:${ports[index]}", ${common}, ${attributes}}\n`,
  );
  return `version: 1\nwatch: false\nservices:\n${services.join('')}`;
}

/** @param {{directory: string, signal: AbortSignal}} where */
async function play({ directory, signal }) {
  const programs = await build(BUILD, ['loadgen', 'raw']);
  const raw = join(directory, 'raw');
  await copyFile(programs['raw'] ?? '', raw);
  const ports = await Promise.all(Object.keys(PROFILES).map(() => freePort()));
  const file = join(directory, 'zinetd.yaml');
  await writeFile(file, configuration({ raw, ports }), { mode: 0o644 });
  const own = ['--control', 'none', '--state-dir', join(directory, 'state')];
  const daemon = start([process.execPath, MAIN, 'run', '-c', file, ...own], { PATH });
  try {
    for (const port of ports) await untilOpen(port, performance.now());
    /** @type {number[][][]} */
    const samples = IN_FLIGHT.map(() => ports.map(() => []));
    for (let round = 0; round < ROUNDS; round++) {
      for (const [level, inFlight] of IN_FLIGHT.entries()) {
        for (const [index, port] of ports.entries()) {
          const run = {
            loadgen: programs['loadgen'] ?? '',
            pid: daemon.pid,
            port,
            inFlight,
            flags: [],
            signal,
          };
          const { figures } = await measure({ ...run, seconds: Number(values.seconds) });
          samples[level]?.[index]?.push(figures['perSecond'] ?? Number.NaN);
        }
      }
    }
    return samples;
  } finally {
    await daemon.stop();
  }
}

/** @param {readonly (readonly (readonly number[])[])[]} samples */
function render(samples) {
  const rows = Object.keys(PROFILES).map((name, index) => {
    const cells = samples.flatMap((level) => {
      const rates = level[index] ?? [];
      const ratios = rates.map((rate, round) => (level[0]?.[round] ?? Number.NaN) / rate);
      return [summarise(rates).median.toFixed(0), summarise(ratios).median.toFixed(2)];
    });
    return `| ${[name, ...cells].join(' | ')} |`;
  });
  const heads = IN_FLIGHT.flatMap((inFlight) => [`${inFlight} in flight, /s`, 'cost, of inetd']);
  return [`| service | ${heads.join(' | ')} |`, `|---|${'---|'.repeat(heads.length)}`, ...rows].join('\n');
}

await runMain(
  'usage: node bench/sandbox.mjs [--rounds N] [--seconds S] [--docs FILE]\n',
  async (_, signal) => {
    const share = await foreignShare();
    const samples = await withDirectory('sandbox', (directory) => play({ directory, signal }));
    const text = `${describeHost(share)}, ${ROUNDS} rounds of ${values.seconds} s, medians.\n\n${render(samples)}\n`;
    process.stdout.write(text);
    if (!values.docs) return;
    const page = await readFile(values.docs, 'utf8');
    await writeFile(values.docs, insertBetweenMarks(page, { name: 'sandbox', text }));
  },
);
