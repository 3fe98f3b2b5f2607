import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { type Boot, encodeBoot, type ResolverBoot } from '../../src/compile/boot.ts';
import { pack } from '../../src/compile/pack.ts';
import { packPolicy, policyOf } from '../../src/compile/policy.ts';
import { encodeTable } from '../../src/compile/table.ts';
import type { Config } from '../../src/model/config.ts';
import type { Policy } from '../../src/model/policy.ts';
import type { RefusedConfig } from '../../src/model/refused-config.ts';

const SPAWNER = process.env['ZINETD_TEST_SPAWNER'] ?? resolve('build/Release/zinetd-spawner');
const FIXTURES = resolve('test/native/fixtures');

export interface SpawnerOptions {
  readonly config: Config;
  /** A program, and fixtures as its arguments. */
  readonly dispatcher: readonly string[];
  /** Instead of that of the configuration. */
  readonly policy?: Policy;
  /** What is other in the boot record. */
  readonly boot?: Partial<Boot>;
  readonly resolver?: ResolverBoot;
  /** What to run the spawner under, such as unshare(1). */
  readonly prefix?: readonly string[];
  /** What becomes the spawner, as exec-spawner.mjs does. */
  readonly starter?: readonly string[];
}

/** What a compiler of the test's own gives, now and at each reload. */
export class FakeCompiler {
  readonly directory: string = mkdtempSync(join(tmpdir(), 'zinetd-spawner-'));

  constructor() {
    chmodSync(this.directory, 0o755);
  }

  get argv(): readonly string[] {
    const files = ['table', 'policy', 'way'].map((name) => join(this.directory, name));
    return ['node', join(FIXTURES, 'copy-table.mjs'), ...files];
  }

  #put(name: string, content: string | Uint8Array): void {
    const path = join(this.directory, name);
    writeFileSync(`${path}.new`, content);
    renameSync(`${path}.new`, path);
  }

  table(config: Config): void {
    this.#put('table', encodeTable(config));
  }

  policy(policy: Policy): void {
    this.#put('policy', packPolicy(policy));
  }

  /** What it leaves instead of a policy when it goes the way `fail`. */
  refused(config: RefusedConfig): void {
    this.#put('policy.refused', pack(config));
  }

  /** `wait` lasts until another way is set. */
  way(way: 'work' | 'fail' | 'wait'): void {
    this.#put('way', way);
  }
}

/** The real spawner with a dispatcher of the test's own. */
export class SpawnerRun {
  readonly process: ChildProcess;
  readonly stdout: Readable;
  readonly exited: Promise<number | null>;
  readonly compiler: FakeCompiler = new FakeCompiler();
  stderr = '';

  constructor(options: SpawnerOptions) {
    this.compiler.table(options.config);
    this.compiler.policy(options.policy ?? policyOf(options.config));
    const boot = join(this.compiler.directory, 'boot');
    writeFileSync(boot, encodeBoot(this.#bootOf(options)));
    const starter = options.starter ?? [process.execPath, join(FIXTURES, 'exec-spawner.mjs')];
    const command = [...starter, SPAWNER, boot];
    const [program = '', ...args] = [...(options.prefix ?? []), ...command];
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.process = child;
    this.stdout = child.stdout;
    this.exited = new Promise((done) => child.once('close', (code) => done(code)));
  }

  /** No other uid: the scripts of the test must be readable wherever the checkout is. */
  #bootOf({ dispatcher, boot, resolver }: SpawnerOptions): Boot {
    const [program = '', ...args] = dispatcher;
    return {
      dispatcherUid: undefined,
      compilerUid: undefined,
      compiler: { path: process.execPath, argv: this.compiler.argv, env: [] },
      recompiler: { path: process.execPath, argv: this.compiler.argv, env: [] },
      upgrader: { path: '/bin/false', argv: ['false'], env: [] },
      spawner: SPAWNER,
      notify: undefined,
      pidFile: undefined,
      sockets: 0,
      dispatcher: {
        path: program,
        argv: [program, ...args.map((name) => resolve(FIXTURES, name))],
        env: [],
      },
      rules: ['/', '/dev/null'].map((path) => ({ path, access: 'execute' })),
      filter: new Uint8Array(0),
      anchors: [],
      facts: '',
      graceMs: 300,
      killAfterMs: 300,
      compileMs: 60_000,
      state: undefined,
      resolver: resolver ?? {
        uid: undefined,
        command: { path: '/bin/false', argv: ['false'], env: [] },
        rules: [],
        filter: new Uint8Array(0),
      },
      ...boot,
    };
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  /** What the dispatcher prints. */
  get lines(): AsyncIterableIterator<string> {
    return createInterface({ input: this.stdout })[Symbol.asyncIterator]();
  }
}

export function runSpawner(options: SpawnerOptions): SpawnerRun {
  return new SpawnerRun(options);
}
