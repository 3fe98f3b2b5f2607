import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ask } from '../harness/client.ts';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { type Load, loadgen } from '../harness/loadgen.ts';
import type { LogRecord } from '../harness/log-records.ts';
import { statusOf } from '../harness/processes.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { until } from '../harness/until.ts';

/** Two records of more than 4 MiB together. */
const MORE_THAN_A_QUEUE = 14_000;
const RESUME_MS = 2000;
/** For the queue, and what V8 takes for a while when strings come and go. */
const GROWTH_KB = 64 * 1024;
const MINUTES_MS = 120_000;

function services(log: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const user = isRoot ? { user: 'nobody' } : {};
  const listen = 'tcp://127.0.0.1:0';
  return { services: { it: { listen, server: handler('raw'), instances: 500, ...user, ...log } } };
}

/** A daemon whose `it` logs into a directory with a file system of its own. */
class Mounted {
  readonly directory: string;
  readonly zinetd: Zinetd;

  constructor(directory: string, zinetd: Zinetd) {
    this.directory = directory;
    this.zinetd = zinetd;
  }

  /** A path below it, as those outside of its namespace see it. */
  at(name: string): string {
    return join(`/proc/${this.zinetd.pid}/root`, this.directory, name);
  }

  remount(options: string): void {
    const mount = ['mount', '-o', `remount,${options}`, this.directory];
    execFileSync('nsenter', ['-t', String(this.zinetd.pid), '-m', ...mount]);
  }

  records(): readonly LogRecord[] {
    const lines = readFileSync(this.at('log'), 'latin1').split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as LogRecord);
  }
}

async function startMounted(options: string): Promise<Mounted> {
  const directory = scratch('mounted');
  const script = `mount -t tmpfs -o mode=755,${options} none ${directory} && exec "$@"`;
  const config = services({ log_format: 'json', log_type: { file: join(directory, 'log') } });
  const prefix = ['unshare', '--mount', 'sh', '-c', script, 'sh'];
  return new Mounted(directory, await startZinetd({ config, prefix, lossy: true }));
}

function expectAllServed({ errors }: Load): void {
  expect(errors).toMatchObject({ refused: 0, reset: 0, timeout: 0, noData: 0, wrongData: 0, other: 0 });
}

/** How many of a kind, and how many are said to be lost. */
function tally(records: readonly LogRecord[]): { readonly kept: number; readonly lost: number } {
  const kept = records.filter(({ event }) => event === 'started' || event === 'exited').length;
  const gaps = records.filter(({ event }) => event === 'records-lost');
  return { kept, lost: gaps.reduce((sum, { count }) => sum + Number(count), 0) };
}

describeWith('a disk for the log', { needs: ['a mount namespace'] }, () => {
  test(
    'that is full costs no client anything, and a number of records that is told exactly once there is room (S117, F12)',
    async () => {
      const mounted = await startMounted('size=64k');
      const { zinetd } = mounted;
      const load = await loadgen(zinetd.port('it'), {
        inFlight: 8,
        seconds: 0.1,
        atLeast: MORE_THAN_A_QUEUE,
      });
      expectAllServed(load);
      expect(await zinetd.event('log-failed')).toMatchObject({ error: 'ENOSPC', level: 'error' });
      mounted.remount('size=64m');
      const { lost } = await zinetd.event('log-resumed', { timeoutMs: RESUME_MS });
      expect(lost).toBeGreaterThan(0);
      const served = 2 * load.total;
      await until(() => tally(mounted.records()).kept + Number(lost) === served, {
        what: 'all is accounted for',
      });
      expect(tally(mounted.records())).toEqual({ kept: served - Number(lost), lost });
      await ask(zinetd.port('it'), '');
      await until(() => tally(mounted.records()).kept === served - Number(lost) + 2, {
        what: 'the log goes on',
      });
      expect(zinetd.log.count('log-failed')).toBe(1);
    },
    MINUTES_MS,
  );

  test('that can only be read at first gets all records once it can be written (S117, F12)', async () => {
    const mounted = await startMounted('size=1m,ro');
    const { zinetd } = mounted;
    expect(await zinetd.event('log-failed')).toMatchObject({ error: 'EROFS' });
    for (let times = 0; times < 10; times++) expect(await ask(zinetd.port('it'), '')).toBe('ok\n');
    mounted.remount('rw');
    expect(await zinetd.event('log-resumed', { timeoutMs: RESUME_MS })).toMatchObject({ lost: 0 });
    await until(() => tally(mounted.records()).kept === 20, { what: 'all records are there' });
    await zinetd.settled();
  });
});

describe('the hard limit of a log file', () => {
  test('ends the records and not zinetd, as it ended xinetd, until the file is rotated (S117)', async () => {
    const path = join(scratch('limited'), 'log');
    const log = { log_format: 'text', log_type: { file: path, soft: '1k', hard: '2k' } };
    const zinetd = await startZinetd({ config: services(log), lossy: true });
    await until(() => existsSync(path), { what: 'the log is open' });
    await zinetd.settled();
    for (let times = 0; times < 40; times++) expect(await ask(zinetd.port('it'), '')).toBe('ok\n');
    expect(await zinetd.event('log-limit')).toMatchObject({ limit: 'soft', level: 'warning' });
    expect(await zinetd.event('log-limit')).toMatchObject({ limit: 'hard', to: path });
    const full = readFileSync(path, 'latin1');
    expect(full.length).toBeGreaterThan(1900);
    expect(full.length).toBeLessThanOrEqual(2048);
    rmSync(path);
    zinetd.signal('SIGHUP');
    const { lost } = await zinetd.event('log-resumed', { timeoutMs: RESUME_MS });
    const kept = full.trim().split('\n').length;
    expect(kept + Number(lost)).toBe(80);
    await ask(zinetd.port('it'), '');
    await until(() => readFileSync(path, 'latin1').includes('START: it'), { what: 'the log goes on' });
    expect(readFileSync(path, 'latin1')).toContain(`Lost ${lost} log records here`);
    expect(zinetd.log.count('log-limit')).toBe(2);
  });
});

/** A daemon whose standard output is a named pipe. */
class Piped {
  readonly #directory: string = scratch('piped');
  #zinetd: Zinetd | undefined;
  #readers = 0;
  #reader: ChildProcess | undefined;

  constructor() {
    execFileSync('mkfifo', [this.#pipe]);
  }

  get #pipe(): string {
    return join(this.#directory, 'pipe');
  }

  get zinetd(): Zinetd {
    if (!this.#zinetd) throw new Error('Not started yet');
    return this.#zinetd;
  }

  async start(): Promise<void> {
    this.read();
    const prefix = ['sh', '-c', 'exec "$@" >"$0"', this.#pipe];
    this.#zinetd = await startZinetd({ config: services({}), lossy: true, expectFailure: true, prefix });
    await until(() => this.records().some(({ event }) => event === 'ready'), { what: 'zinetd is ready' });
  }

  /** Puts another reader there, a real program with a file of its own. */
  read(): void {
    const reader = spawn('sh', ['-c', 'exec cat <"$0" >"$1"', this.#pipe, this.#out(++this.#readers)]);
    onTestFinished(() => void reader.kill('SIGKILL'));
    this.#reader = reader;
  }

  signalReader(name: NodeJS.Signals): void {
    this.#reader?.kill(name);
  }

  /** What all readers together have got. */
  records(): readonly LogRecord[] {
    const paths = Array.from({ length: this.#readers }, (_, index) => this.#out(index + 1));
    const texts = paths
      .filter(existsSync)
      .flatMap((path) => readFileSync(path, 'latin1').split('\n').slice(0, -1));
    return texts.map((line) => JSON.parse(line) as LogRecord);
  }

  get port(): number {
    return this.records().find(({ event }) => event === 'listening')?.local?.port ?? 0;
  }

  #out(number: number): string {
    return join(this.#directory, `out${number}`);
  }
}

function residentKb(pid: number | undefined): number {
  return Number.parseInt(statusOf(pid ?? 0, 'VmRSS') ?? '', 10);
}

describe('a pipe for the log', () => {
  test(
    'whose reader is stopped costs no client anything, bounded memory, and an exact number of records (S119, F14)',
    async () => {
      const piped = new Piped();
      await piped.start();
      const { zinetd, port } = piped;
      const first = await loadgen(port, { inFlight: 8, seconds: 0.1, atLeast: 1000 });
      const before = residentKb(zinetd.dispatcherPid);
      piped.signalReader('SIGSTOP');
      const load = await loadgen(port, { inFlight: 8, seconds: 0.1, atLeast: MORE_THAN_A_QUEUE });
      expectAllServed(load);
      expect(residentKb(zinetd.dispatcherPid) - before).toBeLessThan(GROWTH_KB);
      const earlier = tally(piped.records()).kept;
      piped.signalReader('SIGCONT');
      await until(() => tally(piped.records()).lost > 0, { what: 'it is told what was lost' });
      await zinetd.stop();
      const { kept, lost } = tally(piped.records());
      expect(earlier).toBeLessThan(kept);
      expect(kept + lost).toBe(2 * (first.total + load.total));
    },
    MINUTES_MS,
  );

  test('whose reader ended costs no client anything; the next reader gets what waited (S119, F14)', async () => {
    const piped = new Piped();
    await piped.start();
    const { zinetd, port } = piped;
    const { dispatcherPid } = zinetd;
    piped.signalReader('SIGKILL');
    for (let times = 0; times < 20; times++) expect(await ask(port, '')).toBe('ok\n');
    piped.read();
    await until(() => tally(piped.records()).kept === 40, { what: 'the next one has all' });
    expect(zinetd.dispatcherPid).toBe(dispatcherPid);
  });
});
