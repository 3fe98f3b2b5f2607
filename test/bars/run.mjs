import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeHost, foreignShare } from '../../bench/lib/host.mjs';
import { insertBetweenMarks } from '../../bench/lib/insert-between-marks.mjs';
import { BARS } from './bars.mjs';
import { holds, renderTable } from './render.mjs';

/**
 * @typedef {import('./bars.mjs').Bar} Bar
 * @typedef {import('./render.mjs').Result} Result
 */

const USAGE = `usage: npm run bars -- [--quick] [--write] [B1 B2 ...]

  measures the global bars one after the other on the real program, and prints a table

  --quick   shorter, to see whether it works
  --write   put the table into docs/reliability.md
`;
const PAGE = 'docs/reliability.md';
const MARK = 'bars';

/** Where a run of tests leaves what it found. */
const DIRECTORY = mkdtempSync(join(tmpdir(), 'zinetd-bars-'));

/**
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Promise<void>}
 */
function vitest(args, environment) {
  const child = spawn('npx', ['vitest', 'run', ...args], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return new Promise((resolve) => child.once('close', () => resolve()));
}

/** @param {string} path */
function linesOf(path) {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
}

/** @param {readonly { status: string; title: string; failureMessages: readonly string[] }[]} tests */
function tellFailures(tests) {
  for (const { title, failureMessages } of tests.filter(({ status }) => status === 'failed'))
    process.stderr.write(`  ${title}\n    ${failureMessages.join('\n').replaceAll('\n', '\n    ')}\n`);
}

/**
 * The load of the machine is part of what is measured: nothing else runs meanwhile.
 *
 * @param {Bar} bar
 * @param {boolean} isQuick
 * @returns {Promise<Result>}
 */
async function measure(bar, isQuick) {
  const [report, figures] = [join(DIRECTORY, `${bar.name}.json`), join(DIRECTORY, `${bar.name}.figures`)];
  const meant = bar.title === undefined ? [] : ['-t', bar.title];
  const args = [...bar.files, ...meant, '--reporter=json', `--outputFile=${report}`];
  const own = {
    ZINETD_FIGURES: figures,
    ZINETD_SOAK_REPORT: join(DIRECTORY, `${bar.name}-soak.json`),
    ZINETD_F1_REPORT: join(DIRECTORY, `${bar.name}-f1.md`),
  };
  await vitest(args, { ...own, ...(isQuick ? bar.quick : bar.whole) });
  const found = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : {};
  const { numPassedTests = 0, numFailedTests = 1, testResults = [] } = found;
  for (const { assertionResults } of testResults) tellFailures(assertionResults);
  const told = linesOf(figures).map((line) => JSON.parse(line));
  return {
    bar,
    passed: numPassedTests,
    failed: numFailedTests,
    figures: told.filter((figure) => figure.bar === bar.name),
  };
}

async function main() {
  const { values, positionals } = parseArgs({
    options: { quick: { type: 'boolean' }, write: { type: 'boolean' }, help: { type: 'boolean' } },
    allowPositionals: true,
  });
  const bars = BARS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  if (values.help || bars.length < positionals.length) {
    process.stderr.write(USAGE);
    process.exitCode = 2;
    return;
  }
  const host = describeHost(await foreignShare());
  const results = [];
  for (const bar of bars) {
    process.stderr.write(`${bar.name}: ${bar.asks}\n`);
    results.push(await measure(bar, values.quick ?? false));
  }
  const load = loadavg()
    .map((each) => each.toFixed(1))
    .join(', ');
  const text = `${renderTable(results)}\n\n${host}; load average at the end ${load}. ${values.quick ? 'Quick' : 'Whole'} run of ${new Date().toISOString().slice(0, 10)}.`;
  process.stdout.write(`${text}\n`);
  if (values.write) writeFileSync(PAGE, insertBetweenMarks(readFileSync(PAGE, 'utf8'), { name: MARK, text }));
  process.exitCode = results.every(holds) ? 0 : 1;
}

try {
  await main();
} finally {
  rmSync(DIRECTORY, { recursive: true, force: true });
}
