import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { type Boot, encodeBoot } from '../../src/compile/boot.ts';
import { encodePolicy } from '../../src/compile/policy.ts';
import { encodeTable } from '../../src/compile/table.ts';
import type { Config } from '../../src/model/config.ts';

const SPAWNER = process.env['ZINETD_TEST_SPAWNER'] ?? resolve('build/Release/zinetd-spawner');
const FIXTURES = resolve('test/native/fixtures');

/** The real spawner with a dispatcher of the test's own; `lines` is what that dispatcher prints. */
export interface SpawnerRun {
  readonly process: ChildProcess;
  readonly lines: AsyncIterableIterator<string>;
  readonly exited: Promise<number | null>;
}

/** No other uid: the scripts of the test must be readable wherever the checkout is. */
function bootOf(directory: string, options: { config: Config; dispatcher: readonly string[] }): Boot {
  const table = join(directory, 'table');
  const policy = join(directory, 'policy');
  writeFileSync(table, encodeTable(options.config));
  writeFileSync(policy, encodePolicy(options.config));
  const [program = '', ...args] = options.dispatcher;
  return {
    dispatcherUid: undefined,
    compilerUid: undefined,
    compiler: {
      path: process.execPath,
      argv: ['node', join(FIXTURES, 'copy-table.mjs'), table, policy],
      env: [],
    },
    dispatcher: { path: program, argv: [program, ...args.map((name) => join(FIXTURES, name))], env: [] },
    rules: ['/', '/dev/null'].map((path) => ({ path, access: 'execute' })),
    filter: new Uint8Array(0),
    anchors: [],
    facts: '',
    graceMs: 300,
    killAfterMs: 300,
  };
}

export function runSpawner(options: { config: Config; dispatcher: readonly string[] }): SpawnerRun {
  const directory = mkdtempSync(join(tmpdir(), 'zinetd-spawner-'));
  chmodSync(directory, 0o755);
  const boot = join(directory, 'boot');
  writeFileSync(boot, encodeBoot(bootOf(directory, options)));
  const child = spawn(process.execPath, [join(FIXTURES, 'exec-spawner.mjs'), SPAWNER, boot], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return {
    process: child,
    lines: createInterface({ input: child.stdout })[Symbol.asyncIterator](),
    exited: new Promise((done) => child.once('exit', (code) => done(code))),
  };
}
