import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeWith } from '../harness/describe-with.ts';
import { statusOf } from '../harness/processes.ts';
import { until } from '../harness/until.ts';
import { startNameServer } from './name-services.ts';
import { startDecider } from './start-decider.ts';
import { type ResolverRun, startResolver } from './start-resolver.ts';

const GOOD = { kind: 'known', name: 'good.example' };
const FIELDS = [
  ...['Uid', 'Gid', 'Groups', 'CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb', 'NoNewPrivs'],
  ...['Seccomp', 'Seccomp_filters'],
];
const NONE = '0000000000000000';
/** Of the main thread, V8's and the pool's. */
const LEAST_THREADS = 33;

function pidOf(
  run: ResolverRun,
  worker: '--resolver' | 'asking-dispatcher.mjs',
  other?: number,
): Promise<number> {
  const another = (): number | undefined => {
    const pid = run.pidOf(worker);
    return pid === other ? undefined : pid;
  };
  return until(another, { what: `there is a ${worker}` });
}

/** Fields of /proc/PID/status of each thread. */
function threadsOf(pid: number): Record<string, string | undefined>[] {
  return readdirSync(`/proc/${pid}/task`).map((task) => {
    const text = readFileSync(`/proc/${pid}/task/${task}/status`, 'utf8');
    const value = (field: string) => new RegExp(`^${field}:[ \\t]*(.*)$`, 'm').exec(text)?.[1]?.trim();
    return Object.fromEntries(FIELDS.map((field) => [field, value(field)]));
  });
}

describeWith('the resolver process', { needs: ['root', 'a network namespace'] }, () => {
  test('has no privilege, an identity of its own, and its sandbox on every thread (S37, S39)', async () => {
    const run = await startResolver();
    await startNameServer(run);
    expect(await run.nameOf('10.0.0.1')).toEqual(GOOD);
    const threads = threadsOf(await pidOf(run, '--resolver'));
    expect(threads.length).toBeGreaterThanOrEqual(LEAST_THREADS);
    const uids = Array(4).fill('61185').join('\t');
    const none = { CapInh: NONE, CapPrm: NONE, CapEff: NONE, CapBnd: NONE, CapAmb: NONE };
    const filters = String(Number(statusOf(process.pid, 'Seccomp_filters')) + 2);
    const own = {
      Uid: uids,
      Gid: uids,
      Groups: '',
      ...none,
      NoNewPrivs: '1',
      Seccomp: '2',
      Seccomp_filters: filters,
    };
    expect(threads).toEqual(threads.map(() => own));
  });

  test("holds its end of the channel and nothing else that is anybody's, the log included", async () => {
    const run = await startResolver();
    await startNameServer(run);
    await run.nameOf('10.0.0.1');
    const pid = await pidOf(run, '--resolver');
    const targets = readdirSync(`/proc/${pid}/fd`).map((fd) => [fd, readlinkSync(`/proc/${pid}/fd/${fd}`)]);
    const files = targets.filter(([fd, target]) => fd !== '2' && !/anon_inode|pipe:/.test(target ?? ''));
    expect(files).toEqual([
      ['0', '/dev/null'],
      ['1', '/dev/null'],
      ['3', expect.stringMatching(/^socket:/)],
    ]);
  });

  test('comes back when it is killed, and what was under way has failed at once (promise 5)', async () => {
    const run = await startResolver();
    const { log } = await startNameServer(run);
    const silent = run.ask({ kind: 'name', address: '10.99.0.1' });
    await until(() => log.length > 0, { what: 'the look-up is under way' });
    const first = await pidOf(run, '--resolver');
    process.kill(first, 'SIGKILL');
    const { answer, ms } = await silent;
    expect(answer).toEqual({ kind: 'unknown', why: 'failed' });
    expect(ms).toBeLessThan(2000);
    await run.event('resolver');
    expect(await run.nameOf('2001:db8::1')).toEqual({ kind: 'known', name: 'six.example' });
    expect(await pidOf(run, '--resolver', first)).not.toBe(first);
    expect(statusOf(first, 'State')).toBeUndefined();
  });

  test('is another one for another dispatcher, at once (promise 5)', async () => {
    const run = await startResolver();
    const { log } = await startNameServer(run);
    const first = await pidOf(run, '--resolver');
    run.ask({ kind: 'name', address: '10.99.0.1' });
    await until(() => log.length > 0, { what: 'a look-up is under way' });
    const killed = performance.now();
    process.kill(await pidOf(run, 'asking-dispatcher.mjs'), 'SIGKILL');
    await run.event('start');
    // By itself the old one would first see its look-up to the end, which takes 4 s.
    expect(performance.now() - killed).toBeLessThan(3000);
    expect(await run.nameOf('10.0.0.1')).toEqual(GOOD);
    expect(await pidOf(run, '--resolver', first)).not.toBe(first);
  });

  test('is gone when the spawner has stopped', async () => {
    const run = await startResolver();
    const pid = await pidOf(run, '--resolver');
    expect(await run.stop()).toBe(0);
    expect(statusOf(pid, 'State')).toBeUndefined();
  });
});

describeWith('name servers that never answer', { needs: ['root', 'a network namespace'] }, () => {
  test('hold up nobody but those who ask them, and those no longer than their deadline (S95, B7)', async () => {
    const run = await startResolver();
    await startNameServer(run);
    const { path } = await startDecider();
    const subject = { service: 'yes', address: '192.0.2.1', port: 1, local: '192.0.2.9:21' };
    await run.ask({ kind: 'delay' });
    const lost = Array.from({ length: 500 }, (_, index) =>
      run.ask({ kind: 'name', address: `10.99.${index >> 8}.${index & 255}`, deadlineMs: 3000 }),
    );
    const decisions = await Promise.all(
      Array.from({ length: 20 }, () => run.ask({ kind: 'decide', path, subject })),
    );
    for (const { answer, ms } of decisions) {
      expect(answer).toEqual({ kind: 'allowed' });
      expect(ms).toBeLessThan(1000);
    }
    const answers = await Promise.all(lost);
    const why = (reason: string) =>
      answers.filter(({ answer }) => (answer as { why: string }).why === reason);
    expect(why('busy')).toHaveLength(500 - 256);
    expect(why('timeout')).toHaveLength(256);
    expect(Math.max(...answers.map(({ ms }) => ms))).toBeLessThan(3300);
    // The threads are free again once the C library has given up; what waited for one is not begun.
    expect(await run.nameOf('10.0.0.1', { deadlineMs: 8000 })).toEqual(GOOD);
    const delay = (await run.ask({ kind: 'delay' })).answer as { maxMs: number; p99Ms: number };
    expect(delay.p99Ms).toBeLessThan(20);
    expect(delay.maxMs).toBeLessThan(100);
  });
});
