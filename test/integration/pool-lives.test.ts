import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { connect } from '../harness/client.ts';
import { crowd } from '../harness/crowd.ts';
import { isZombie, statusOf } from '../harness/processes.ts';
import { ServicesFile } from '../harness/services-file.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { until } from '../harness/until.ts';
import { enter, exitOf, greetingOf, pooled, staffed, startPool, workerExit } from './pooled.ts';
import { Upgraded } from './upgraded.ts';

const TERM = 15;
const KILL = 9;
const ABORT = 6;
/** A crowd comes from one address, and is not what these limits are for. */
const OPEN = { instances: 1000, per_source: 1000 };

function isAlive(pid: number): boolean {
  return statusOf(pid, 'State') !== undefined && !isZombie(pid);
}

async function reload(zinetd: Zinetd): Promise<void> {
  zinetd.signal('SIGHUP');
  await zinetd.event('reloaded');
}

/** Each of a crowd is served: what it has sent comes back behind the greeting. */
async function crowdIsServed(zinetd: Zinetd, count: number): Promise<ReadonlySet<number>> {
  const visits = await crowd(zinetd.port('it'), { count, inFlight: 16, send: 'echo served\n' });
  const answers = visits.map(({ received, code }) => code ?? received.slice(received.indexOf('\n\n') + 2));
  expect(answers).toEqual(Array(count).fill('served\n'));
  return new Set(visits.map(({ received }) => greetingOf(received).pid));
}

describe('a worker that', () => {
  test('crashes costs its own connections, with its signal for each, and is replaced (B2)', async () => {
    const zinetd = await startPool(
      { it: pooled({ workers: 2, max_connections_per_worker: 2 }) },
      { workers: 2 },
    );
    const visits = [];
    for (let count = 0; count < 4; count++) visits.push(await enter(zinetd));
    const [first, other] = visits;
    if (!first || !other) throw new Error('There are four');
    first.client.send('abort\n');
    const lost = visits.filter(({ pid }) => pid === first.pid);
    expect(lost).toHaveLength(2);
    for (const visit of lost)
      expect(await exitOf(zinetd, visit)).toMatchObject({ pid: first.pid, signal: ABORT });
    expect(await workerExit(zinetd, first.pid)).toMatchObject({ signal: ABORT, given: 2, lost: 2 });
    const [successor] = await staffed(zinetd, 1);
    other.client.send('echo still here\n');
    expect(await other.client.readUntil('still here')).toContain('still here');
    const next = await enter(zinetd);
    expect(next.pid).toBe(successor);
    for (const { client } of [...visits, next]) client.halfClose();
  });

  test('exits in the middle of its work is replaced, and its clients have its status', async () => {
    const zinetd = await startPool({ it: pooled({ workers: 1 }) }, { workers: 1 });
    const visit = await enter(zinetd);
    visit.client.send('exit 5\n');
    expect(await exitOf(zinetd, visit)).toMatchObject({ status: 5 });
    const next = await enter(zinetd);
    expect(next.pid).not.toBe(visit.pid);
    next.client.halfClose();
  });

  test('hangs is bounded by the age of its connections, and another one serves meanwhile', async () => {
    const it = pooled({ workers: 1 }, { max_connection_age: '300ms', grace: '200ms' });
    const zinetd = await startPool({ it }, { workers: 1 });
    const hung = await enter(zinetd);
    hung.client.send('hang\n');
    const [successor] = await staffed(zinetd, 1);
    const next = await enter(zinetd);
    expect(next.pid).toBe(successor);
    expect(isAlive(hung.pid)).toBe(true);
    expect(await exitOf(zinetd, hung)).toMatchObject({ signal: KILL, end: 'age' });
    expect(await workerExit(zinetd, hung.pid)).toMatchObject({ signal: KILL, end: 'connection' });
    next.client.halfClose();
  });

  test('has one connection that is too old lets the others finish first', async () => {
    const it = pooled(
      { workers: 1, max_connections_per_worker: 2 },
      { max_connection_age: '600ms', grace: '5s' },
    );
    const zinetd = await startPool({ it }, { workers: 1 });
    const old = await enter(zinetd);
    const young = await enter(zinetd);
    await staffed(zinetd, 1);
    young.client.halfClose();
    expect(await exitOf(zinetd, young)).toMatchObject({ status: 0, pid: old.pid });
    old.client.halfClose();
    expect(await exitOf(zinetd, old)).toMatchObject({ status: 0, end: 'age' });
    expect(await workerExit(zinetd, old.pid)).toMatchObject({ status: 0, end: 'connection' });
  });

  test('does not end when it is told to gets TERM after the grace of its service', async () => {
    const it = pooled({ workers: 1 }, { server_args: ['stuck'], grace: '300ms' });
    const file = new ServicesFile({ it });
    const zinetd = await startZinetd({ config: file.config });
    const [pid = 0] = await staffed(zinetd, 1);
    file.write({ it: { ...it, server_args: [] } });
    await reload(zinetd);
    await staffed(zinetd, 1);
    (await enter(zinetd)).client.halfClose();
    expect(await workerExit(zinetd, pid)).toMatchObject({ signal: TERM, end: 'reload' });
    await zinetd.stop();
  });
});

describe('a pool', () => {
  test('replaces workers that have had "max_requests" without a gap: each client is served', async () => {
    const it = pooled({ workers: 2, max_connections_per_worker: 4, max_requests: 50 }, OPEN);
    const zinetd = await startPool({ it }, { workers: 2 });
    const pids = await crowdIsServed(zinetd, 1000);
    expect(pids.size).toBeGreaterThanOrEqual(20);
    await until(() => zinetd.log.count('worker-exited') >= pids.size - 2, {
      what: 'those before have ended',
    });
    const ends = zinetd.log.all.filter(({ event }) => event === 'worker-exited');
    expect(Math.max(...ends.map(({ given }) => Number(given)))).toBeLessThanOrEqual(50);
    expect(ends.filter(({ status, end, lost }) => status !== 0 || end !== 'renewed' || lost !== 0)).toEqual(
      [],
    );
  });

  test('gives a worker one connection in its life where that is what it says', async () => {
    const zinetd = await startPool({ it: pooled({ workers: 2, max_requests: 1 }, OPEN) }, { workers: 2 });
    expect((await crowdIsServed(zinetd, 100)).size).toBe(100);
  });

  test('replaces workers that are older than "max_age", and lets them finish', async () => {
    const zinetd = await startPool({ it: pooled({ workers: 1, max_age: '400ms' }) }, { workers: 1 });
    const visit = await enter(zinetd);
    const [successor] = await staffed(zinetd, 1);
    visit.client.send('echo still here\n');
    expect(await visit.client.readUntil('still here')).toContain('still here');
    const next = await enter(zinetd);
    expect(next.pid).toBe(successor);
    visit.client.halfClose();
    expect(await exitOf(zinetd, visit)).toMatchObject({ status: 0, pid: visit.pid });
    expect(await workerExit(zinetd, visit.pid)).toMatchObject({ status: 0, end: 'renewed', lost: 0 });
    next.client.halfClose();
    await exitOf(zinetd, next);
    await zinetd.stop(); // its workers come and go, descriptors with them
  });

  test('goes over to what a reload makes of its workers, and those before finish what they have (B6)', async () => {
    const it = pooled({ workers: 1, max_connections_per_worker: 2 });
    const file = new ServicesFile({ it });
    const zinetd = await startPool({}, { workers: 1, config: file.config });
    const before = await enter(zinetd);
    file.write({ it: { ...it, env: { A: 'other' } } });
    await reload(zinetd);
    const [successor] = await staffed(zinetd, 1);
    const after = await enter(zinetd);
    expect(after.pid).toBe(successor);
    expect(readFileSync(`/proc/${after.pid}/environ`, 'utf8')).toContain('A=other');
    before.client.halfClose();
    expect(await exitOf(zinetd, before)).toMatchObject({ status: 0, pid: before.pid });
    expect(await workerExit(zinetd, before.pid)).toMatchObject({ status: 0, end: 'reload' });
    after.client.halfClose();
  });

  test('keeps its workers over a reload that is not about them, and has as many as it says', async () => {
    const it = pooled({ workers: 2 });
    const file = new ServicesFile({ it });
    const zinetd = await startPool({}, { workers: 2, config: file.config });
    const visit = await enter(zinetd);
    file.write({ it: { ...it, only_from: ['127.0.0.1'], pool: { workers: 3 } } });
    await reload(zinetd);
    await staffed(zinetd, 1);
    file.write({ it: { ...it, only_from: ['127.0.0.1'], pool: { workers: 1 } } });
    await reload(zinetd);
    for (let count = 0; count < 2; count++)
      expect(await zinetd.event('worker-exited')).toMatchObject({ status: 0, end: 'surplus', lost: 0 });
    visit.client.send('echo still here\n');
    expect(await visit.client.readUntil('still here')).toContain('still here');
    visit.client.halfClose();
    await exitOf(zinetd, visit);
    await zinetd.stop(); // it has other workers than at the start
  });

  test('loses nobody over reloads that change its workers, under load (B6)', async () => {
    const it = pooled({ workers: 2, max_connections_per_worker: 8 }, OPEN);
    const file = new ServicesFile({ it });
    const zinetd = await startPool({}, { workers: 2, config: file.config });
    const pids = new Set<number>();
    let isOver = false;
    const serve = async (): Promise<void> => {
      while (!isOver) for (const pid of await crowdIsServed(zinetd, 200)) pids.add(pid);
    };
    const served = serve();
    for (let round = 0; round < 5; round++) {
      file.write({ it: { ...it, env: { ROUND: String(round) } } });
      await reload(zinetd);
    }
    isOver = true;
    await served;
    expect(pids.size).toBeGreaterThan(2);
    await until(() => zinetd.log.count('worker-exited') === 10, { what: 'those of before have ended' });
  });

  test('ends its workers when its service is no more, or no pool any more', async () => {
    const it = pooled({ workers: 1 });
    const file = new ServicesFile({ it, gone: it, ended: { ...it, on_reload: 'terminate' } });
    const zinetd = await startPool({}, { workers: 3, config: file.config });
    const [visit, gone] = [await enter(zinetd), await enter(zinetd, { service: 'gone' })];
    const ended = await enter(zinetd, { service: 'ended' });
    const { pool: _, ...single } = it;
    file.write({ it: { ...single, server: '/bin/cat' } });
    await reload(zinetd);
    expect(await exitOf(zinetd, ended)).toMatchObject({ signal: TERM, end: 'reload' });
    const client = await connect(zinetd.port('it'));
    client.send('hello');
    expect(await client.readUntil('hello')).toBe('hello');
    client.halfClose();
    for (const each of [visit, gone]) {
      each.client.halfClose();
      expect(await exitOf(zinetd, each)).toMatchObject({ status: 0, pid: each.pid });
      expect(await workerExit(zinetd, each.pid)).toMatchObject({ status: 0, end: 'reload' });
    }
    await zinetd.stop(); // it has other listeners than at the start
  });

  test('finishes what it has when zinetd stops, and ends', async () => {
    const zinetd = await startPool({ it: pooled({ workers: 2 }) }, { workers: 2, args: ['--grace', '30s'] });
    const visit = await enter(zinetd);
    zinetd.signal('SIGTERM');
    expect(await zinetd.event('worker-exited')).toMatchObject({ status: 0, end: 'stopping' });
    visit.client.send('echo still here\n');
    expect(await visit.client.readUntil('still here')).toContain('still here');
    visit.client.halfClose();
    expect(await exitOf(zinetd, visit)).toMatchObject({ status: 0 });
    expect(await workerExit(zinetd, visit.pid)).toMatchObject({ status: 0, end: 'stopping' });
    expect(await zinetd.ended).toBe(0);
  });

  test('is ended at once by a stop where its service says so', async () => {
    const zinetd = await startPool(
      { it: pooled({ workers: 1 }, { on_stop: 'terminate' }) },
      { workers: 1, args: ['--grace', '30s'] },
    );
    const visit = await enter(zinetd);
    zinetd.signal('SIGTERM');
    expect(await exitOf(zinetd, visit)).toMatchObject({ signal: TERM, end: 'stopping' });
    expect(await zinetd.ended).toBe(0);
  });

  test('finishes what it has when another version takes over, which has workers of its own', async () => {
    const upgraded = new Upgraded();
    const zinetd = await upgraded.start({ it: pooled({ workers: 1 }) }, { lossy: true });
    await staffed(zinetd, 1);
    const visit = await enter(zinetd);
    upgraded.newVersion();
    expect((await upgraded.upgrade()).result).toBeDefined();
    expect(await exitOf(zinetd, visit)).toMatchObject({ end: 'stopping', pid: visit.pid });
    const [successor] = await staffed(zinetd, 1);
    visit.client.send('echo still here\n');
    expect(await visit.client.readUntil('still here')).toContain('still here');
    const next = await enter(zinetd);
    expect(next.pid).toBe(successor);
    next.client.halfClose();
    await exitOf(zinetd, next);
    visit.client.halfClose();
    expect(await workerExit(zinetd, visit.pid)).toMatchObject({ status: 0 });
    await zinetd.stop(); // ahead of the bars, which want no process there
  });

  test('outlives the dispatcher for as long as it has connections, and the next one has workers of its own', async () => {
    const zinetd = await startPool({ it: pooled({ workers: 1 }) }, { workers: 1, lossy: true });
    const visit = await enter(zinetd);
    await zinetd.event('started');
    process.kill(zinetd.dispatcherPid ?? 0, 'SIGKILL');
    expect(await zinetd.event('ready')).toMatchObject({ adopted: 1 });
    const [successor] = await staffed(zinetd, 1);
    const next = await enter(zinetd);
    expect(next.pid).toBe(successor);
    visit.client.send('echo still here\n');
    expect(await visit.client.readUntil('still here')).toContain('still here');
    visit.client.halfClose();
    expect(await workerExit(zinetd, visit.pid)).toMatchObject({ status: 0 });
    next.client.halfClose();
    await zinetd.event('exited');
    await zinetd.stop(); // ahead of the bars, which want no process there
  });
});
