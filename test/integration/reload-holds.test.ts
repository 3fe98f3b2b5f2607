import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ask, type Client, connect } from '../harness/client.ts';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { statusOf } from '../harness/processes.ts';
import { scratch } from '../harness/scratch.ts';
import type { Zinetd } from '../harness/start-zinetd.ts';
import { attachStrace } from '../harness/strace.ts';
import { echoAt, ReloadRun, type Services } from './reload-run.ts';

const ANY_PORT = 'tcp://127.0.0.1:0';

describe('a reload', () => {
  const sleepers = (settings: object): Services => ({
    it: echoAt(ANY_PORT, { server: handler('sleeper'), per_source: 'UNLIMITED', ...settings }),
  });

  async function enter(zinetd: Zinetd): Promise<Client> {
    const client = await connect(zinetd.port('it'));
    await client.readUntil('\n');
    return client;
  }

  async function expectFull(zinetd: Zinetd): Promise<void> {
    expect(await ask(zinetd.port('it'))).toBe('');
    expect(await zinetd.event('refused')).toMatchObject({ reason: 'service_limit' });
  }

  test('goes on to count the instances that run, whatever else it changes (S10)', async () => {
    const run = await ReloadRun.of(sleepers({ instances: 2 }));
    const { zinetd } = run;
    const clients = [await enter(zinetd), await enter(zinetd)];
    await run.reload(sleepers({ instances: 2, nice: 1 }));
    await expectFull(zinetd);
    await run.reload(sleepers({ instances: 3, nice: 1 }));
    clients.push(await enter(zinetd));
    await expectFull(zinetd);
    for (const client of clients) client.halfClose();
    await Promise.all(clients.map((client) => client.ended()));
  });
});

describe('reloads of services that log to files', () => {
  /** All of S4 takes ten minutes: ZINETD_TEST_RELOADS=1000. */
  const RELOADS = Number(process.env['ZINETD_TEST_RELOADS'] ?? 20);
  const SERVICES = 20;
  const MOST_GROWTH_KIB = 8192;

  /** Each with a file of its own, and every other one with another file each time. */
  function logging(directory: string, round: number): Services {
    const names = Array.from({ length: SERVICES }, (_, index) => `s${index}`);
    const fileOf = (name: string, index: number) =>
      join(directory, index % 2 === 0 ? name : `${name}-${round % 3}`);
    return Object.fromEntries(
      names.map((name, index) => [name, echoAt(ANY_PORT, { log_type: { file: fileOf(name, index) } })]),
    );
  }

  const residentKib = (pid = 0) => Number.parseInt(statusOf(pid, 'VmRSS') ?? '', 10);

  test(`leave nothing behind after ${RELOADS} of them: no descriptor, no memory (S4)`, async () => {
    const directory = scratch('logs');
    const uncounted = 'its services log to files of their own';
    const run = await ReloadRun.of(logging(directory, 0), { uncounted });
    const { zinetd } = run;
    await ask(zinetd.port('s0'), 'x');
    for (let round = 1; round <= RELOADS / 2; round++) await run.reload(logging(directory, round));
    await zinetd.settled();
    const before = [zinetd.pid, zinetd.dispatcherPid].map(residentKib);
    for (let round = 0; round < RELOADS; round++) await run.reload(logging(directory, round));
    expect(await ask(zinetd.port('s1'), 'hello')).toBe('hello');
    await zinetd.checkBars();
    const after = [zinetd.pid, zinetd.dispatcherPid].map(residentKib);
    console.info('KiB', { before, after });
    after.forEach((kib, at) => {
      expect(kib - (before[at] ?? 0)).toBeLessThan(MOST_GROWTH_KIB);
    });
  }, 900_000);
});

describeWith('a reload for which nobody can be looked up', { needs: ['root', { program: 'strace' }] }, () => {
  const who = (user: string): Services => ({
    it: echoAt(ANY_PORT, { user, server: '/bin/sh', server_args: ['-c', 'id -u'] }),
  });

  test('changes nothing: the service goes on as it was, and never as root (S25)', async () => {
    const run = await ReloadRun.of(who('nobody'));
    const { zinetd } = run;
    const inject = ['-e', 'trace=openat', '-P', '/etc/passwd', '-e', 'inject=openat:error=EIO'];
    const strace = await attachStrace(zinetd.pid, ['-f', ...inject]);
    await run.reloadBadly(who('daemon'));
    expect(JSON.stringify(zinetd.log.all)).toMatch(/Cannot (look up|find) user/);
    await strace.detach();
    expect(await ask(zinetd.port('it'))).toBe('65534\n');
    await run.reload(who('daemon'));
    expect(await ask(zinetd.port('it'))).toBe('1\n');
  });
});
