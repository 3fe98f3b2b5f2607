import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/*
 * Takes one guard after the other out of a copy of this tree, and sees the test fail that names its entry of the security ledger:
 * `npm run test:mutants`, or with names, `npm run test:mutants -- S31 S112`. Ends with 1 if a test does not notice, or fails anyway.
 */
const ROOT = resolve('.');
const MUTANTS = JSON.parse(readFileSync('scripts/notes/mutants.json', 'utf8'));
/** Of tests that start the program, which has to be built. */
const STARTS_PROGRAM = /^test\/(integration|native|cli|resolver|daemons|faults|soak)\//;
/** A test that hangs without its guard has noticed. timeout(1) ends all that it has started, one that turns in circles too. */
const LIMIT = ['-k', '10', '300'];

const copy = mkdtempSync(join(tmpdir(), 'zinetd-mutants-'));

function run(command, args) {
  return spawnSync('timeout', [...LIMIT, command, ...args], { cwd: copy, encoding: 'utf8' });
}

/** The files of the repository, what npm installed, and what the tests have prepared. */
function makeCopy() {
  const names = execFileSync('git', ['ls-files', '-z'], { encoding: 'utf8' }).split('\0').filter(Boolean);
  for (const name of names) {
    mkdirSync(dirname(join(copy, name)), { recursive: true });
    cpSync(name, join(copy, name));
  }
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
}

/** Only npm knows where node-gyp is, which empties `build/` unless it is to go on with what is there. */
function buildNative() {
  const manifest = JSON.parse(readFileSync(join(copy, 'package.json'), 'utf8'));
  const scripts = { ...manifest.scripts, 'build-on': 'node-gyp build' };
  writeFileSync(join(copy, 'package.json'), JSON.stringify({ ...manifest, scripts }));
  const built = run('npm', ['run', '--silent', existsSync(join(copy, 'build')) ? 'build-on' : 'install']);
  cpSync('package.json', join(copy, 'package.json'));
  return built.status === 0;
}

/** A guard that is gone may leave a name that nobody uses: the compiler minds, and writes its output all the same. */
function buildProgram() {
  run('npx', ['tsc', '-p', 'tsconfig.build.json']);
  return run('node', ['scripts/bundle.mjs']).status === 0;
}

function build({ file, test }) {
  if (/\.[ch]$/.test(file)) return buildNative();
  return !STARTS_PROGRAM.test(test) || buildProgram();
}

/** What a test may need: nothing, or all that test/harness/setup.ts prepares, which takes longer than most of them. */
const NOTHING = ['--config', 'scripts/mutants.config.ts'];
const SETUPS = [NOTHING, []];

/** Whether the tests of an entry in one file pass; undefined if there are none, or they are skipped. */
function passes({ name, test }, setup) {
  const { status, stdout } = run('npx', [
    'vitest',
    'run',
    ...setup,
    test,
    '-t',
    `\\b${name}\\b`,
    '--bail',
    '1',
  ]);
  const isRun = status !== 0 || /Tests .*\d+ passed/.test(stdout.replace(/\x1b\[\d+m/g, ''));
  return isRun ? status === 0 : undefined;
}

/** What is wrong with a mutant; undefined if its test does what it should. */
function faultOf(mutant) {
  const setups = STARTS_PROGRAM.test(mutant.test) ? [[]] : SETUPS;
  const setup = setups.find((each) => passes(mutant, each) === true);
  if (!setup) return 'the test fails with the guard, or is skipped';
  const path = join(copy, mutant.file);
  const text = readFileSync(path, 'utf8');
  writeFileSync(
    path,
    text.replace(mutant.guard, () => mutant.without),
  );
  const isPassed = build(mutant) ? passes(mutant, setup) : undefined;
  writeFileSync(path, text);
  build(mutant);
  if (isPassed === undefined) return 'cannot be built without the guard';
  return isPassed ? 'the test passes without the guard' : undefined;
}

const wanted = process.argv.slice(2);
const chosen = MUTANTS.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
let faults = 0;
try {
  makeCopy();
  if (!buildNative() || !buildProgram()) throw new Error('Cannot build the copy');
  symlinkSync(join(ROOT, 'build/test'), join(copy, 'build/test'));
  for (const mutant of chosen) {
    const fault = faultOf(mutant);
    if (fault) faults++;
    const seconds = Math.round(process.uptime());
    console.log(`${seconds} s: ${mutant.name} ${mutant.file}: ${fault ?? 'noticed'} (${mutant.test})`);
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
console.log(`${chosen.length - faults} of ${chosen.length} noticed`);
process.exitCode = faults === 0 ? 0 : 1;
