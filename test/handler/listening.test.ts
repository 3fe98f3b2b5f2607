import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { ask, connect } from '../harness/client.ts';
import { connectToPath } from '../harness/connect-to-path.ts';
import { isRoot } from '../harness/identity.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { cpuSecondsWhileIdle } from './cpu-seconds-while-idle.ts';
import { told } from './serving.ts';

const user = isRoot ? { user: 'nobody' } : {};
const listen = 'tcp://127.0.0.1:0';
const O_NONBLOCK = 0o4000;

function start(options: Readonly<Record<string, number>>, service: object): Promise<Zinetd> {
  const it = {
    ...user,
    listen,
    wait: true,
    server: inject('openNode'),
    server_args: told(options),
    ...service,
  };
  return startZinetd({ config: { services: { it } }, args: ['--grace', '100ms'] });
}

function flagsOf(pid: number | undefined, fd: number): number {
  const info = readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8');
  return Number.parseInt(/flags:\s+([0-7]+)/.exec(info)?.[1] ?? '', 8);
}

describe.each([
  ['inetd', 0],
  ['extended', 3],
] as const)('a handler of zinetd/handler that waits in mode %s, with its socket on %i', (mode, fd) => {
  test('serves all who come from one process, each by its address', async () => {
    const zinetd = await start({}, { mode });
    const first = await connect(zinetd.port('it'));
    const second = await connect(zinetd.port('it'), { from: '127.0.0.9' });
    for (const client of [first, second]) client.send('hold\n');
    for (const client of [first, second]) await client.readUntil('held\n');
    expect(await ask(zinetd.port('it'), 'count\n')).toBe('3\n');
    const third = await connect(zinetd.port('it'), { from: '127.0.0.7' });
    third.send('peer\n');
    expect(await third.readAll()).toBe(`127.0.0.7 ${third.localPort}\n`);
    expect(zinetd.log.count('started')).toBe(1);
    await zinetd.stop();
  });

  test('ends when nobody has come for a while, and is started again for the next', async () => {
    const zinetd = await start({ idleMs: 50 }, { mode });
    for (let count = 0; count < 2; count++) {
      expect(await ask(zinetd.port('it'), 'say hello\n')).toBe('hello\n');
      const { pid } = await zinetd.event('started');
      expect(await zinetd.event('exited')).toMatchObject({ pid, status: 0 });
    }
  });

  test('is not idle while somebody is there', async () => {
    const zinetd = await start({ idleMs: 100 }, { mode });
    const holding = await connect(zinetd.port('it'));
    holding.send('hold\n');
    await holding.readUntil('held\n');
    await new Promise((done) => setTimeout(done, 300));
    expect(await ask(zinetd.port('it'), 'count\n')).toBe('2\n');
    expect(holding.received.toString()).toBe('held\n');
    holding.reset();
    expect(await zinetd.event('exited')).toMatchObject({ status: 0 });
    expect(zinetd.log.count('started')).toBe(1);
  });

  test('told to stop, tells its handlers, serves them to the end, and ends with 0', async () => {
    const zinetd = await start({}, { mode });
    const client = await connect(zinetd.port('it'));
    client.send('hold\n');
    await client.readUntil('held\n');
    await zinetd.stop();
    expect(await client.readAll()).toBe('held\ntold\n');
    expect(zinetd.log.all.find(({ event }) => event === 'exited')).toMatchObject({ status: 0 });
  });

  test('leaves the socket blocking, and in the queue whom it has no room for, at rest (promise 2)', async () => {
    const zinetd = await start({ connections: 1 }, { mode });
    const holding = await connect(zinetd.port('it'));
    holding.send('hold\n');
    await holding.readUntil('held\n');
    const { pid = 0 } = await zinetd.event('started');
    const waiting = await connect(zinetd.port('it'));
    waiting.send('count\n');
    expect(await cpuSecondsWhileIdle(pid)).toBeLessThan(0.06);
    expect(waiting.received.length).toBe(0);
    expect(flagsOf(pid, fd) & O_NONBLOCK).toBe(0);
    holding.reset();
    expect(await waiting.readAll()).toBe('1\n');
    await zinetd.stop();
  });

  test('serves a unix socket', async () => {
    const path = join(scratch('unix'), 'socket');
    const zinetd = await start({}, { mode, listen: `unix://${path}` });
    for (let count = 0; count < 2; count++) {
      const client = await connectToPath(path);
      client.send('peer\n');
      expect(await client.readAll()).toBe('undefined undefined\n');
    }
    await zinetd.stop();
  });
});
