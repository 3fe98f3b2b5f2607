import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ask } from '../harness/client.ts';
import { describeWith } from '../harness/describe-with.ts';
import { loadgen } from '../harness/loadgen.ts';
import type { LogRecord } from '../harness/log-records.ts';
import { cpuSecondsOf } from '../harness/processes.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { attachStrace } from '../harness/strace.ts';
import { until } from '../harness/until.ts';
import {
  expectAllServed,
  loggedServices,
  MINUTES_MS,
  MORE_THAN_A_QUEUE,
  RESUME_MS,
  tallyRecords,
} from './log-load.ts';
import { record, rounded } from './record.ts';
import { scaled } from './scale.ts';

function tell(figure: string, value: number, bar: string): void {
  record({ fault: 'F12', figure, value, bar });
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
  const config = loggedServices({ log_format: 'json', log_type: { file: join(directory, 'log') } });
  const prefix = ['unshare', '--mount', 'sh', '-c', script, 'sh'];
  return new Mounted(directory, await startZinetd({ config, prefix, lossy: true }));
}

const BROKEN_VISITS = 20;
const BROKEN_MS = scaled({ short: 1500, long: 10_000 });

function linesOf(path: string): number {
  return readFileSync(path, 'latin1').split('\n').length - 1;
}

describeWith('a disk for the log', { needs: ['a mount namespace', { program: 'strace' }] }, () => {
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
      const clearedMs = performance.now();
      mounted.remount('size=64m');
      const { lost } = await zinetd.event('log-resumed', { timeoutMs: RESUME_MS });
      const resumedMs = performance.now() - clearedMs;
      expect(lost).toBeGreaterThan(0);
      const served = 2 * load.total;
      await until(() => tallyRecords(mounted.records()).kept + Number(lost) === served, {
        what: 'all is accounted for',
      });
      expect(tallyRecords(mounted.records())).toEqual({ kept: served - Number(lost), lost });
      await ask(zinetd.port('it'), '');
      await until(() => tallyRecords(mounted.records()).kept === served - Number(lost) + 2, {
        what: 'the log goes on',
      });
      expect(zinetd.log.count('log-failed')).toBe(1);
      tell('full disk: clients served meanwhile', load.total, 'all');
      tell('full disk: clients who were not', 0, '0');
      tell('full disk: records kept', served - Number(lost), '');
      tell('full disk: records lost, as it is told', Number(lost), 'kept and lost are all');
      tell('full disk: the log goes on after, ms', Math.round(resumedMs), 'at most 2,000');
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
    await until(() => tallyRecords(mounted.records()).kept === 20, { what: 'all records are there' });
    await zinetd.settled();
    tell('disk that can only be read: records lost', 0, '0');
  });

  test('that has errors at each write costs no client anything, and gets what waited (S117, F12)', async () => {
    const path = join(scratch('broken'), 'log');
    const config = loggedServices({ log_format: 'json', log_type: { file: path } });
    const zinetd = await startZinetd({ config, lossy: true });
    await until(() => existsSync(path), { what: 'the log is open' });
    await zinetd.settled();
    // In its place a call that the dispatcher's filter allows: -1, which strace would use, ends the process.
    const inject = 'inject=write:error=EIO:syscall=getpid';
    const options = ['-f', '-P', path, '-e', 'trace=write', '-e', inject];
    const strace = await attachStrace(zinetd.dispatcherPid ?? 0, options);
    for (let times = 0; times < BROKEN_VISITS; times++) expect(await ask(zinetd.port('it'), '')).toBe('ok\n');
    expect(await zinetd.event('log-failed')).toMatchObject({ error: 'EIO' });
    const cpu = cpuSecondsOf(zinetd.dispatcherPid ?? 0);
    const beganMs = performance.now();
    // What is measured is how little happens.
    await new Promise((done) => setTimeout(done, BROKEN_MS));
    const share = ((cpuSecondsOf(zinetd.dispatcherPid ?? 0) - cpu) * 1000) / (performance.now() - beganMs);
    await strace.detach();
    const clearedMs = performance.now();
    expect(await zinetd.event('log-resumed', { timeoutMs: RESUME_MS })).toMatchObject({ lost: 0 });
    tell(
      'errors at each write: the log goes on after, ms',
      Math.round(performance.now() - clearedMs),
      'at most 2,000',
    );
    tell('errors at each write: CPU of the dispatcher, % of a core', rounded(share * 100), 'at most 5 (B5)');
    const isWhole = (): boolean => linesOf(path) === 2 * BROKEN_VISITS;
    await until(isWhole, { what: 'all records are there' });
    expect(share).toBeLessThan(0.05);
    expect(zinetd.log.count('log-failed')).toBe(1);
  });
});
