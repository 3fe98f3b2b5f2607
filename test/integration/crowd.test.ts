import { describe, expect, test } from 'vitest';
import { ask, connect } from '../harness/client.ts';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { probeBy, SPAWN_PATHS } from '../harness/probe-everywhere.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { attachStrace } from '../harness/strace.ts';
import { until } from '../harness/until.ts';
import { listenersOf, openDescriptors } from './open-descriptors.ts';
import type { ProbeReport } from './probe-report.ts';

/** More than a child is born with a copy of: CROWD and CROWD_OF_CHILDREN of the spawner. */
const OTHERS = 99;
const HELD = 140;

const user = isRoot ? { user: 'nobody' } : {};
const unlimited = { instances: 1000, per_source: 1000, cps: { rate: 10_000, wait: '1s' } };

let made = 0;

function others(count: number): Readonly<Record<string, unknown>> {
  const prefix = `zinetd-crowd-${process.pid}-${made++}`;
  const service = (index: number) => ({
    listen: `unix://@${prefix}-${index}`,
    server: handler('raw'),
    ...user,
  });
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`other${index}`, service(index)]));
}

function serve(service: Readonly<Record<string, unknown>>, count = OTHERS): Promise<Zinetd> {
  const it = { listen: 'tcp://127.0.0.1:0', ...user, ...unlimited, ...service };
  return startZinetd({ config: { services: { it, ...others(count) } }, descriptors: 2000 });
}

function expectNothingElse({ fds }: ProbeReport): void {
  expect(fds.map(({ fd }) => fd)).toEqual([0, 1, 2]);
  expect(fds.map((fd) => fd['accepting'])).not.toContain(true);
}

describe(`a handler of one of ${OTHERS + 1} services`, () => {
  test.each(Object.keys(SPAWN_PATHS))('has nothing but its client: %s (B9, S11, S12)', async (name) => {
    const { report } = await probeBy(name, user, { others: others(OTHERS), descriptors: 2000 });
    const isWaiting = name.startsWith('waiting');
    expect(report.fds.map(({ fd }) => fd)).toEqual([0, 1, 2]);
    expect(new Set(report.fds.map(({ target }) => target)).size).toBe(1);
    // What waits is given the socket itself, which of a stream listens.
    if (!isWaiting) expectNothingElse(report);
  });

  test('has its client and its standard error, also one that waited for it (S11, S12)', async () => {
    const zinetd = await serve({ server: handler('probe'), mode: 'extended' });
    for (let i = 0; i < 40; i++) {
      const report = JSON.parse(await ask(zinetd.port('it'))) as ProbeReport;
      expectNothingElse(report);
      expect(report.fds[2]?.target).toMatch(/^pipe:/);
    }
  });

  test('leaves nothing open, and no client waiting (S1, B1)', async () => {
    const zinetd = await serve({ server: handler('echo') });
    const before = openDescriptors(zinetd.pid).length;
    const listening = listenersOf(zinetd.pid).length;
    const served = Array.from({ length: 300 }, (_, at) => ask(zinetd.port('it'), `${at}\n`));
    expect(await Promise.all(served)).toEqual(served.map((_, at) => `${at}\n`));
    await until(() => openDescriptors(zinetd.pid).length === before, { what: 'its descriptors are closed' });
    expect(listenersOf(zinetd.pid).length).toBe(listening);
  });
});

describe(`a handler beside ${HELD} others`, () => {
  test('has none of what the spawner keeps of them (S11)', async () => {
    const probe = { listen: 'tcp://127.0.0.1:0', ...user, mode: 'extended', server: handler('probe') };
    const echo = { ...probe, ...unlimited, server: handler('echo') };
    const zinetd = await startZinetd({ config: { services: { echo, probe } }, descriptors: 2000 });
    const before = openDescriptors(zinetd.pid).length;
    const clients = [];
    for (let i = 0; i < HELD; i++) {
      const client = await connect(zinetd.port('echo'));
      client.send('x\n');
      await client.readUntil('\n');
      clients.push(client);
    }
    expect(openDescriptors(zinetd.pid).length).toBeGreaterThanOrEqual(before + HELD);
    const report = JSON.parse(await ask(zinetd.port('probe'))) as ProbeReport;
    expectNothingElse(report);
    for (const client of clients) client.halfClose();
    await Promise.all(clients.map((client) => client.ended()));
    await until(() => openDescriptors(zinetd.pid).length === before, { what: 'its descriptors are closed' });
  });
});

describeWith(`a launch of one of ${OTHERS + 1} services`, { needs: ['root', { program: 'strace' }] }, () => {
  test('makes a table of its own first, without the listeners', async () => {
    const zinetd = await serve({ server: handler('raw') });
    const strace = await attachStrace(zinetd.pid, [
      '-f',
      '-e',
      'trace=clone,close_range,recvmsg,setsid,close',
    ]);
    expect(await ask(zinetd.port('it'))).not.toBe('');
    const { pid } = await zinetd.event('started');
    await zinetd.event('exited');
    const lines = await strace.detach();
    expect(lines.filter((line) => /clone\(.*CLONE_FILES/.test(line))).toHaveLength(1);
    const [first = ''] = lines.filter((line) => line.startsWith(String(pid)));
    expect(first).toMatch(/close_range\(\d\d?, 4294967295, CLOSE_RANGE_UNSHARE/);
    // It closes no listener one by one, and nothing in the table that it shares with the spawner.
    const closed = lines.filter((line) => line.startsWith(`${pid} `) && /\bclose\(/.test(line));
    expect(closed).toEqual([]);
  });

  test('that cannot have a table of its own executes nothing, tells the client nothing, and takes nothing from zinetd (S12, S22)', async () => {
    const zinetd = await serve({ server: handler('raw') });
    const before = openDescriptors(zinetd.pid).length;
    const inject = 'inject=close_range:error=ENOMEM:when=1';
    const strace = await attachStrace(zinetd.pid, ['-f', '-e', 'trace=close_range,execve', '-e', inject]);
    const client = await connect(zinetd.port('it'));
    await client.ended();
    const lines = await strace.detach();
    expect(client.received.length).toBe(0);
    expect(lines.filter((line) => line.includes('execve('))).toEqual([]);
    expect(await zinetd.event('failed')).toMatchObject({
      service: 'it',
      error: 'ENOMEM',
      step: 'close_range',
    });
    expect(await ask(zinetd.port('it'))).not.toBe('');
    await until(() => openDescriptors(zinetd.pid).length === before, { what: 'its descriptors are closed' });
    expect(listenersOf(zinetd.pid).length).toBeGreaterThan(0);
  });
});
