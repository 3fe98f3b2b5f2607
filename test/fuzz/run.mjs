import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { insertBetweenMarks } from '../../bench/lib/insert-between-marks.mjs';
import { runTarget } from './run-target.mjs';

const USAGE = `usage: npm run fuzz -- [--cpu-seconds N] [--write] [TARGET ...]

  fuzzes the C sources by libFuzzer (clang and its sanitizers are needed), all targets at once

  --cpu-seconds N   processor time of each target, in all of its runs; 3600 without
  --write           put the figures into docs/reliability-fuzz.md

  A later run goes on where an earlier one was, with what that left in build/fuzz.
`;
const PAGE = 'docs/reliability-fuzz.md';
const MARK = 'C targets';
const DIRECTORY = 'build/fuzz';
const TARGETS = readdirSync('test/fuzz/corpus');
const NO_RUN = { executions: 0, edges: 0, features: 0, cpuSeconds: 0, findings: 0 };

/** @param {string} name */
const recordOf = (name) => join(DIRECTORY, `${name}.json`);

/**
 * What all runs so far came to.
 *
 * @param {string} name
 * @returns {typeof NO_RUN}
 */
function soFar(name) {
  return existsSync(recordOf(name)) ? JSON.parse(readFileSync(recordOf(name), 'utf8')) : NO_RUN;
}

/**
 * @param {string} name
 * @param {number} cpuSeconds
 */
async function goOn(name, cpuSeconds) {
  const before = soFar(name);
  const left = cpuSeconds - before.cpuSeconds;
  if (left <= 0) return;
  const {
    progress,
    cpuSeconds: used,
    findings,
  } = await runTarget({ name, directory: DIRECTORY, cpuSeconds: left });
  const executions = before.executions + progress.executions;
  const record = { ...progress, executions, cpuSeconds: before.cpuSeconds + used, findings: findings.length };
  writeFileSync(recordOf(name), `${JSON.stringify(record)}\n`);
}

/** @param {number} value */
const counted = (value) => value.toLocaleString('en');

function renderTable() {
  const rows = TARGETS.map((name) => {
    const { executions, cpuSeconds, edges, features, findings } = soFar(name);
    const minutes = `${Math.floor(cpuSeconds / 60)} min`;
    return `| \`${name}\` | ${[executions, minutes, edges, features, findings].map((it) => (typeof it === 'number' ? counted(it) : it)).join(' | ')} |`;
  });
  const head = ['target', 'executions', 'CPU time', 'edges', 'features', 'inputs at which it stopped'];
  return [`| ${head.join(' | ')} |`, `|${'---|'.repeat(head.length)}`, ...rows].join('\n');
}

function build() {
  mkdirSync(DIRECTORY, { recursive: true });
  const env = { ...process.env, CC: 'clang' };
  const { status } = spawnSync('sh', ['test/fuzz/build.sh', DIRECTORY], { env, stdio: 'inherit' });
  if (status !== 0) throw new Error('Cannot build the targets');
}

async function main() {
  const { values, positionals } = parseArgs({
    options: { 'cpu-seconds': { type: 'string' }, write: { type: 'boolean' }, help: { type: 'boolean' } },
    allowPositionals: true,
  });
  const cpuSeconds = Number(values['cpu-seconds'] ?? 3600);
  const isMeant = positionals.every((name) => TARGETS.includes(name)) && cpuSeconds >= 0;
  if (values.help || !isMeant) {
    process.stderr.write(USAGE);
    process.exitCode = 2;
    return;
  }
  const names = positionals.length > 0 ? positionals : TARGETS;
  build();
  await Promise.all(names.map((name) => goOn(name, cpuSeconds)));
  const text = renderTable();
  process.stdout.write(`${text}\n`);
  if (values.write) writeFileSync(PAGE, insertBetweenMarks(readFileSync(PAGE, 'utf8'), { name: MARK, text }));
  if (names.some((name) => soFar(name).findings > 0)) process.exitCode = 1;
}

await main();
