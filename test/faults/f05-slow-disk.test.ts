import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ask } from '../harness/client.ts';
import { visit } from '../harness/crowd.ts';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { childrenOf, commandLineOf } from '../harness/processes.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { attachStrace, type Strace } from '../harness/strace.ts';
import { until } from '../harness/until.ts';
import { percentile, record, rounded } from './record.ts';
import { scaled } from './scale.ts';

const DELAY_MS = 2000;
/** Bans are written half a second after they have changed, and later on a machine that is busy. */
const WRITTEN_MS = 2500;
/** One delay is what is expected; the machine of a test run may be busy. */
const MOST_WAIT_MS = 5 * DELAY_MS;
/** 50 ms where nothing else runs; strace slows all that is traced, and so do other tests. */
const QUICK_MS = 500;
const VISITS = scaled({ short: 100, long: 500 });
const common = { listen: 'tcp://127.0.0.1:0', user: 'nobody', server: handler('raw') };
const SERVED = { code: undefined, received: 'ok\n' };

/** One after another, at least so many and until it is over. */
async function visitQuick(zinetd: Zinetd, isOver: () => boolean = () => true): Promise<readonly number[]> {
  const durations: number[] = [];
  while (durations.length < VISITS || !isOver()) {
    const { code, received, durationMs } = await visit(zinetd.port('quick'));
    expect({ code, received }).toEqual(SERVED);
    durations.push(durationMs);
  }
  return durations;
}

function tell(what: string, durations: readonly number[]): number {
  const p99 = percentile(durations, 99);
  const figure = `another service beside ${what}`;
  const bar = 'at most 50, where nothing else runs';
  record({ fault: 'F5', figure: `${figure}: p99, ms`, value: rounded(p99), bar });
  return p99;
}

/** Each of these calls takes so long, in all threads of a process; gives the lines of strace. */
function slow(pid: number, call: string, more: readonly string[] = []): Promise<Strace> {
  const inject = `inject=${call}:delay_enter=${DELAY_MS * 1000}`;
  return attachStrace(pid, ['-f', ...more, '-e', `trace=${call}`, '-e', inject]);
}

async function countOf(strace: Strace, call: string): Promise<number> {
  return (await strace.detach()).filter((line) => line.includes(`${call}(`)).length;
}

describeWith('a system call that takes 2 s', { needs: ['root', { program: 'strace' }] }, () => {
  test('in the resolver, which connects to ask who a client is, delays no other service (F5, S93, S95)', async () => {
    const asked = {
      ...common,
      log_on_success: ['pid', 'host', 'userid', 'exit'],
      instances: 100,
      per_source: 'UNLIMITED',
    };
    const zinetd = await startZinetd({ config: { services: { quick: common, asked } } });
    const resolver = childrenOf(zinetd.pid).find((pid) => commandLineOf(pid).includes('--resolver'));
    const strace = await slow(resolver ?? 0, 'connect');
    const visits = Promise.all(Array.from({ length: 20 }, () => visit(zinetd.port('asked'))));
    const durations = await visitQuick(zinetd);
    for (const { received } of await visits) expect(received).toBe('ok\n');
    await zinetd.event('unidentified');
    expect(await countOf(strace, 'connect')).toBeGreaterThan(0);
    expect(tell('connects of the resolver of 2 s', durations)).toBeLessThan(QUICK_MS);
  }, 60_000);

  test('in the dispatcher, which has bans written to the disk, delays nobody (F5, B7)', async () => {
    const trap = { listen: common.listen, sensor: true, deny_time: '1h' };
    const zinetd = await startZinetd({ config: { services: { quick: common, trap } } });
    const strace = await slow(zinetd.dispatcherPid ?? 0, 'fdatasync');
    await ask(zinetd.port('trap'), '', { from: '127.0.0.7' });
    await zinetd.event('banned');
    const untilMs = performance.now() + WRITTEN_MS + DELAY_MS;
    const durations = await visitQuick(zinetd, () => performance.now() > untilMs);
    expect(await countOf(strace, 'fdatasync')).toBeGreaterThan(0);
    expect(tell('an fdatasync of 2 s', durations)).toBeLessThan(QUICK_MS);
  }, 60_000);

  // The spawner has one thread, and opens itself what it is to append to: docs/explanation/failures.md says so.
  test('in the spawner, which opens a log, is waited for by new clients, who are all served (F5, S89)', async () => {
    const log = join(scratch('slow-log'), 'log');
    const logged = { ...common, log_type: { file: log } };
    const zinetd = await startZinetd({ config: { services: { quick: common, logged } }, lossy: true });
    await until(() => existsSync(log), { what: 'the log is open' });
    await zinetd.settled();
    renameSync(log, `${log}.1`);
    await slow(zinetd.pid, 'openat', ['-P', log, '-P', 'log']);
    zinetd.signal('SIGHUP');
    const durations = await visitQuick(zinetd, () => existsSync(log));
    expect(tell('an open of a log of 2 s', durations)).toBeLessThan(QUICK_MS);
    const longestMs = Math.max(...durations);
    const figure = 'who comes while the spawner opens a log for 2 s: longest, ms';
    record({
      fault: 'F5',
      figure,
      value: Math.round(longestMs),
      bar: 'not met: the spawner launches nobody meanwhile',
    });
    expect(longestMs).toBeLessThan(MOST_WAIT_MS);
  }, 60_000);
});
