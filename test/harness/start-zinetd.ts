import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type CountedService, checkCounters, checkRecords } from './counted-state.ts';
import {
  type Baseline,
  checkBars,
  checkConservation,
  takeBaseline,
  takeSteadyBaseline,
} from './global-bars.ts';
import { launchLine, type Surroundings } from './launch-line.ts';
import { type LogRecord, LogRecords, type Match } from './log-records.ts';
import { childrenOf, commandLineOf } from './processes.ts';
import { runCommand } from './run-command.ts';
import { scratch } from './scratch.ts';

export interface StartOptions extends Surroundings {
  /** The document without `version`, or YAML text; if it is JSON, `watch` is false unless it says otherwise. */
  readonly config?: string | Readonly<Record<string, unknown>>;
  /** Instead of `config`: a file that the test writes. */
  readonly configFile?: string;
  /** Instead of `config`: the text of an inetd.conf, which is run as it is, in the dialect that it is told to be. */
  readonly inetdConf?: string;
  readonly dialect?: string | undefined;
  /** Instead of both: a file of another format, which is run as it is. */
  readonly foreign?: { readonly format: string; readonly file: string };
  /** More environment than PATH; a ZINETD_CONFIG stands for `config` if there is none. */
  readonly env?: Readonly<Record<string, string>>;
  /** Descriptors of this process to inherit, by the number that zinetd sees them as. */
  readonly inherit?: Readonly<Record<number, number>>;
  /** More arguments of `run`; unless they have one, it gets a `--state-dir` of its own. */
  readonly args?: readonly string[];
  /** No state directory is named. */
  readonly stateless?: boolean;
  /** Another directory with the program in it. */
  readonly install?: string;
  /** Another Node. */
  readonly node?: string;
  /** Records may be missing at the end, since the test kills what writes them. */
  readonly lossy?: boolean;
  /** Why what is counted cannot be what the log has, or cannot be 0 at the end: the test says it. */
  readonly uncounted?: string;
  /** Do not wait until it serves: the test expects that it does not. */
  readonly expectFailure?: boolean;
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const STOP_MS = 20_000;
/** Settings by which the log has less than was counted, or another place for it. */
const LOG_SETTINGS = /log_(type|format|address|on_success|on_failure)/;
const FIRST_EXTRA_FD = 3;

function writeConfig(name: string, text: string): string {
  const path = join(scratch('config'), name);
  writeFileSync(path, text, { mode: 0o644 });
  return path;
}

/** A test that writes files says itself when they are to be read, unless it says otherwise. */
const UNWATCHED = { version: 1, watch: false } as const;

/** YAML that is not JSON stays as it is. */
function unwatched(text: string): string {
  return text.startsWith('{"') ? JSON.stringify({ ...UNWATCHED, ...JSON.parse(text) }) : text;
}

function configArguments(options: StartOptions): readonly string[] {
  const { config, configFile, inetdConf, dialect, foreign, env } = options;
  if (configFile !== undefined) return ['-c', configFile];
  if (config === undefined && env?.['ZINETD_CONFIG'] !== undefined) return [];
  if (foreign !== undefined) return ['--format', foreign.format, '-c', foreign.file];
  if (inetdConf !== undefined) {
    const told = dialect === undefined ? [] : ['--dialect', dialect];
    return ['--format', 'inetd', ...told, '-c', writeConfig('inetd.conf', inetdConf)];
  }
  const text =
    typeof config === 'string' ? unwatched(config) : JSON.stringify({ ...UNWATCHED, ...config }, null, 2);
  return ['-c', writeConfig('zinetd.yaml', text)];
}

function commandOf(options: StartOptions): readonly string[] {
  return [...runCommand(options), ...configArguments(options)];
}

function stdioOf(inherit: Readonly<Record<number, number>>): ('ignore' | 'pipe' | number)[] {
  const last = Math.max(FIRST_EXTRA_FD - 1, ...Object.keys(inherit).map(Number));
  const extra = Array.from({ length: last + 1 - FIRST_EXTRA_FD }, (_, index) => {
    return inherit[index + FIRST_EXTRA_FD] ?? 'ignore';
  });
  return ['ignore', 'pipe', 'pipe', ...extra];
}

/** A daemon that runs: the real program, in processes of its own. */
export class Zinetd {
  readonly log: LogRecords;
  /** The end: exit status, or the name of the signal. */
  readonly ended: Promise<number | string>;
  readonly #child: ChildProcess;
  readonly #options: StartOptions;
  #stderr = '';
  #baseline: Baseline | undefined;
  /** Whose counters begin with the log. */
  #firstDispatcher: number | undefined;
  #counted: readonly CountedService[] | undefined;
  #stopped = false;

  constructor(options: StartOptions) {
    this.#options = options;
    const [program = '', ...args] = launchLine(commandOf(options), options);
    const stdio = stdioOf(options.inherit ?? {});
    const env = { PATH, ...options.env };
    this.#child = spawn(program, args, { cwd: '/', env, stdio });
    const { stdout, stderr } = this.#child;
    if (!stdout || !stderr) throw new Error('Cannot start zinetd without pipes');
    this.log = new LogRecords(stdout);
    stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    // `close`, not `exit`: only then has everything that it wrote been read.
    this.ended = new Promise((done) => this.#child.on('close', (code, signal) => done(code ?? signal ?? '')));
  }

  /** The spawner's pid, which is that of the command as well. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** The dispatcher's pid; another one after a restart. */
  get dispatcherPid(): number | undefined {
    return childrenOf(this.pid).find((pid) => commandLineOf(pid).includes('--dispatcher'));
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** Waits for a record of the log; each is given out once. */
  event(match: Match, options: { readonly timeoutMs?: number } = {}): Promise<LogRecord> {
    const early = this.ended.then((end) => {
      throw new Error(
        `zinetd ended with ${end}; log:\n${this.log.describe()}\nstandard error:\n${this.stderr}`,
      );
    });
    const record = this.log.next(match, options);
    early.catch(() => {});
    record.catch(() => {});
    return Promise.race([record, early]);
  }

  /** The port that a service listens on; the first one if it has several. */
  port(service: string): number {
    const record = this.log.all.find((it) => it.event === 'listening' && it.service === service);
    if (!record?.local) throw new Error(`Cannot find the port of "${service}":\n${this.log.describe()}`);
    return record.local.port;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  async serving(): Promise<void> {
    await this.event('ready');
    this.#baseline = await takeBaseline(this);
    this.#firstDispatcher = this.dispatcherPid;
  }

  /** What is open now is to stay: for tests of what opens a moment after it serves, such as a log. */
  async settled(): Promise<void> {
    this.#baseline = await takeSteadyBaseline(this);
  }

  /** Checks that nothing leaked (B1), while it still runs. */
  async checkBars(): Promise<void> {
    const { lossy } = this.#options;
    if (this.#baseline) await checkBars(this, { baseline: this.#baseline, lossy });
  }

  /** Checks that nobody is counted any more (B1), and notes what was counted for when the log is whole. */
  async #checkCounters(): Promise<void> {
    const { uncounted } = this.#options;
    if (!this.#baseline || uncounted !== undefined || this.dispatcherPid === undefined) return;
    const isFirst = this.dispatcherPid === this.#firstDispatcher;
    const counted = await checkCounters(this, { isFirst });
    if (isFirst && this.#hasWholeLog) this.#counted = counted;
  }

  /** All that a log can have is in `log`, in the end. */
  get #hasWholeLog(): boolean {
    const { lossy = false, config, foreign, inetdConf, configFile } = this.#options;
    if (lossy || foreign || inetdConf !== undefined || configFile !== undefined) return false;
    return !LOG_SETTINGS.test(typeof config === 'string' ? config : JSON.stringify(config ?? {}));
  }

  /** Asks it to stop and waits; it must end with 0 and have told the end of each connection (B2). */
  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    this.signal('SIGTERM');
    const end = await this.#end();
    if (end !== 0) {
      throw new Error(`zinetd ended with ${end}:\n${this.log.describe()}\nstandard error:\n${this.stderr}`);
    }
    if (!this.#options.lossy) checkConservation(this.log);
    if (this.#counted) checkRecords(this.log, this.#counted);
  }

  async #end(): Promise<number | string> {
    const timer = setTimeout(() => this.signal('SIGKILL'), STOP_MS);
    try {
      return await this.ended;
    } finally {
      clearTimeout(timer);
    }
  }

  /** After each test. One that stopped it, or let it end, has looked for itself. */
  async finish(): Promise<void> {
    if (this.#stopped || this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    try {
      await this.checkBars();
      await this.#checkCounters();
    } finally {
      await this.stop();
    }
  }
}

/**
 * Starts zinetd for the test that calls it, and waits until it serves. Once the test is over, the global bars
 * are checked and the daemon is stopped.
 */
export async function startZinetd(options: StartOptions): Promise<Zinetd> {
  const zinetd = new Zinetd(options);
  onTestFinished(() => zinetd.finish());
  const isBlind = options.closed?.includes(1) ?? false;
  if (!options.expectFailure && !isBlind) await zinetd.serving();
  return zinetd;
}
