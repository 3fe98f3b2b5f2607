import { copyFileSync, mkdirSync, renameSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { ask, connect } from '../harness/client.ts';
import { datagramClient } from '../harness/datagram-client.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { cpuSecondsOf } from '../harness/processes.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { until } from '../harness/until.ts';

const user = isRoot ? { user: 'nobody' } : {};
const udp = 'udp://127.0.0.1:0';
const tcp = 'tcp://127.0.0.1:0';
const IDLE = '150';

function start(service: object, more: object = {}): Promise<Zinetd> {
  return startZinetd({ config: { ...more, services: { it: { wait: true, ...user, ...service } } } });
}

function pidIn(answer: string): number {
  return Number(answer.split(' ')[0]);
}

describe('a service that waits for datagrams', () => {
  test('has one handler for all senders, which gets the socket blocking and every datagram (promise 2, S19)', async () => {
    const zinetd = await start({ listen: udp, server: handler('datagrams'), server_args: [IDLE] });
    const clients = [];
    for (let index = 0; index < 5; index++) clients.push(await datagramClient(zinetd.port('it')));
    for (const [index, client] of clients.entries()) await client.send(`hello ${index}`);
    const answers = await Promise.all(clients.map((client) => client.answer()));
    expect(answers.map((answer) => answer.replace(/^\d+ /, ''))).toEqual(
      clients.map((_, index) => `blocking hello ${index}`),
    );
    expect(new Set(answers.map(pidIn)).size).toBe(1);
    const [first] = clients;
    expect(await zinetd.event('started')).toMatchObject({
      pid: pidIn(answers[0] ?? ''),
      peer: { address: '127.0.0.1', port: first?.port },
    });
    expect(await zinetd.event('exited')).toMatchObject({ status: 0 });
    await first?.send('again');
    expect(pidIn((await first?.answer()) ?? '')).not.toBe(pidIn(answers[0] ?? ''));
  });

  test('drops the datagram of a source that it refuses, and serves the next one without turning in circles (S67, STYLE "UDP spin")', async () => {
    const zinetd = await start({
      listen: udp,
      server: handler('datagrams'),
      server_args: [IDLE],
      only_from: ['127.0.0.1'],
      penalties: { refused: '90s', threshold: '1s' },
    });
    const stranger = await datagramClient(zinetd.port('it'), '127.0.0.1', { from: '127.66.0.1' });
    const friend = await datagramClient(zinetd.port('it'));
    for (let count = 0; count < 5; count++) await stranger.send('let me in');
    await friend.send('hello');
    expect(await friend.answer()).toMatch(/ hello$/);
    expect(await zinetd.event('refused')).toMatchObject({
      reason: 'address',
      peer: { address: '127.66.0.1', port: stranger.port },
    });
    await zinetd.event('exited');
    expect(stranger.answers).toEqual([]);
    await zinetd.stop();
    expect(zinetd.log.count('started')).toBe(1);
    expect(zinetd.log.count('banned')).toBe(0); // anybody can write this address (S62)
  });

  test('serves two listeners with a handler each', async () => {
    const listen = [udp, 'udp://[::1]:0'];
    const zinetd = await start({ listen, server: handler('datagrams'), server_args: [IDLE] });
    const ports = zinetd.log.all.flatMap(({ event, local }) =>
      event === 'listening' && local ? [local.port] : [],
    );
    const clients = [await datagramClient(ports[0] ?? 0), await datagramClient(ports[1] ?? 0, '::1')];
    for (const client of clients) await client.send('x');
    const pids = await Promise.all(clients.map(async (client) => pidIn(await client.answer())));
    expect(new Set(pids).size).toBe(2);
  });
});

describe('a stop', () => {
  test('ends handlers that have a listener as it ends others', async () => {
    const zinetd = await start({
      listen: [udp, 'udp://[::1]:0'],
      server: handler('datagrams'),
      server_args: ['60000'],
    });
    const client = await datagramClient(zinetd.port('it'));
    await client.send('x');
    const pid = pidIn(await client.answer());
    const stopped = zinetd.stop();
    expect(await zinetd.event('stopping')).toMatchObject({ running: 1 });
    zinetd.signal('SIGTERM');
    await stopped;
    expect(zinetd.log.all.find(({ event }) => event === 'exited')).toMatchObject({ pid, signal: 15 });
  });
});

describe('a service that waits for connections', () => {
  test('leaves accepting to its handler, and the clients in the queue until it does (S144)', async () => {
    const zinetd = await start({ listen: tcp, server: handler('acceptor'), server_args: [IDLE] });
    const answers = await Promise.all([1, 2, 3].map(() => ask(zinetd.port('it'), '')));
    const pid = pidIn(answers[0] ?? '');
    expect(answers).toEqual(answers.map(() => `${pid} listening blocking\n`));
    const started = await zinetd.event('started');
    expect(started.pid).toBe(pid);
    expect(started.peer).toBeUndefined();
    expect(await zinetd.event('exited')).toMatchObject({ pid, status: 0 });
  });

  test('turns clients away itself when it is closed, with the word of the check and no handler (S67)', async () => {
    const zinetd = await start({
      listen: tcp,
      server: handler('acceptor'),
      server_args: [IDLE],
      max_load: 0.0001,
      policies: { max_load: { reject: { text: 'closed to %a\n' } } },
    });
    await until(() => loadavg()[0] ?? 0, { what: 'the machine has some load', timeoutMs: 15_000 });
    expect(await ask(zinetd.port('it'), '')).toBe('closed to 127.0.0.1\n');
    expect(await zinetd.event('refused')).toMatchObject({ reason: 'load', peer: { address: '127.0.0.1' } });
    expect(zinetd.log.count('started')).toBe(0);
  });
});

/** A place for a program that a test mends. */
function replaceable(): { readonly path: string; readonly put: (name: string) => void } {
  const directory = join(inject('testHome'), `mend-${process.pid}-${Date.now()}`);
  mkdirSync(directory, { mode: 0o755 });
  const path = join(directory, 'program');
  const put = (name: string): void => {
    copyFileSync(name, `${path}.new`);
    renameSync(`${path}.new`, path);
  };
  return { path, put };
}

describe('a handler that leaves everything as it is', () => {
  test.each([
    ['datagram', udp, 'x'],
    ['datagram without a byte (S68)', udp, ''],
    ['connection', tcp, undefined],
  ] as const)(
    'is started ten times in the first second and once a second then, for one %s; mended, it serves without a restart (S66)',
    { timeout: 40_000 },
    async (_, listen, text) => {
      const { path, put } = replaceable();
      put('/bin/true');
      const mended = text === undefined ? handler('acceptor') : handler('datagrams');
      const zinetd = await start({ listen, server: path, server_args: [IDLE] });
      const client = text === undefined ? undefined : await datagramClient(zinetd.port('it'));
      const waiting = client ? undefined : await connect(zinetd.port('it'));
      const cpu = cpuOf(zinetd);
      if (text !== undefined) await client?.send(text);
      const beginning = Date.parse((await zinetd.event('started')).time);
      const fruitless = await zinetd.event('fruitless');
      expect(fruitless['retry_ms']).toBeGreaterThan(0);
      const startsBy = (ms: number) => starts(zinetd).filter((at) => at < beginning + ms).length;
      await until(() => (starts(zinetd).at(-1) ?? 0) > beginning + 4000, { what: 'four seconds are over' });
      expect(startsBy(999)).toBeLessThanOrEqual(10);
      expect(startsBy(999)).toBeGreaterThanOrEqual(8);
      expect(startsBy(3999)).toBeLessThanOrEqual(14);
      expect(cpuOf(zinetd) - cpu).toBeLessThan(0.05 * 4 + 0.05);
      put(mended);
      if (client) expect(await client.answer()).toMatch(/^\d+ blocking x?$/);
      else expect(await waiting?.readAll()).toMatch(/listening blocking/);
      await zinetd.event('resumed');
      expect(zinetd.log.count('fruitless')).toBe(1);
    },
  );

  test('is one that cannot be executed, too', { timeout: 30_000 }, async () => {
    const { path, put } = replaceable();
    put(handler('datagrams'));
    const zinetd = await start({ listen: udp, server: path, server_args: [IDLE] });
    renameSync(path, `${path}.gone`);
    const client = await datagramClient(zinetd.port('it'));
    await client.send('x');
    await zinetd.event('fruitless');
    expect(zinetd.log.count('failed')).toBeLessThanOrEqual(10);
    renameSync(`${path}.gone`, path);
    expect(await client.answer()).toMatch(/ x$/);
  });
});

/** When handlers were started, by the clock of the log. */
function starts(zinetd: Zinetd): readonly number[] {
  return zinetd.log.all.flatMap(({ event, time }) => (event === 'started' ? [Date.parse(time)] : []));
}

/** CPU time that zinetd itself has used, in seconds. */
function cpuOf(zinetd: Zinetd): number {
  return cpuSecondsOf(zinetd.pid) + cpuSecondsOf(zinetd.dispatcherPid ?? 0);
}

describe('a dispatcher that is killed', () => {
  test('leaves its handlers their sockets, and the next one starts no second handler (S129)', async () => {
    const waiting = { wait: true, listen: udp, server: handler('datagrams'), ...user };
    const services = { it: { ...waiting, server_args: ['1500'] }, other: { ...waiting, server_args: ['0'] } };
    const zinetd = await startZinetd({ config: { services }, lossy: true });
    const client = await datagramClient(zinetd.port('it'));
    await client.send('before');
    const pid = pidIn(await client.answer());
    await zinetd.event('started');
    process.kill(zinetd.dispatcherPid ?? 0, 'SIGKILL');
    await zinetd.event('dispatcher-restarted');
    expect(await zinetd.event('ready')).toMatchObject({ adopted: 1 });
    // What it leaves unread for a while is not for anybody else.
    process.kill(pid, 'SIGSTOP');
    await client.send('after');
    const other = await datagramClient(zinetd.port('other'));
    for (let count = 0; count < 3; count++) {
      await other.send('x');
      await other.answer();
    }
    process.kill(pid, 'SIGCONT');
    expect(pidIn(await client.answer())).toBe(pid);
    const isOfIt = (event: string) => zinetd.log.count((it) => it.event === event && it.service === 'it');
    await until(() => isOfIt('exited') === 1, { what: 'it has ended' });
    expect([isOfIt('started'), isOfIt('failed'), isOfIt('refused')]).toEqual([1, 0, 0]);
    await client.send('later');
    expect(pidIn(await client.answer())).not.toBe(pid);
  });
});
