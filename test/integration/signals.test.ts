import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ask, connect } from '../harness/client.ts';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { isRefused } from '../harness/is-refused.ts';
import type { LogRecord } from '../harness/log-records.ts';
import { childrenOf, commandLineOf, statusOf } from '../harness/processes.ts';
import { ServicesFile } from '../harness/services-file.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { until } from '../harness/until.ts';
import { isListeningOn } from './listening-on.ts';

const INSPECTOR_PORT = 9229;
const listen = 'tcp://127.0.0.1:0';
const user = isRoot ? { user: 'nobody' } : {};
const echo = { listen, server: handler('echo'), ...user };
const sleeper = { listen, server: handler('sleeper'), ...user };

function start(services: object, args: readonly string[] = []): Promise<Zinetd> {
  return startZinetd({ config: { services }, args });
}

/** The service records of one dump, by service; a dump is told whole. */
async function dump(zinetd: Zinetd, services: number): Promise<Readonly<Record<string, LogRecord>>> {
  zinetd.signal('SIGUSR1');
  await zinetd.event('state');
  const records: LogRecord[] = [];
  while (records.length < services) records.push(await zinetd.event('service-state'));
  return Object.fromEntries(records.map((record) => [record.service, record]));
}

describe('HUP and USR2', () => {
  test.each(['SIGHUP', 'SIGUSR2'] as const)('read the configuration again: %s', async (signal) => {
    const file = new ServicesFile({ old: echo });
    const zinetd = await startZinetd({ config: file.config });
    const port = zinetd.port('old');
    // A socket with other options is another one.
    file.write({ new: { ...echo, keepalive: false } });
    zinetd.signal(signal);
    expect(await zinetd.event('reloaded')).toMatchObject({ services: 1 });
    expect(await ask(zinetd.port('new'), 'hello')).toBe('hello');
    expect(await isRefused(port)).toBe(true);
  });
});

test.each(['SIGABRT', 'SIGALRM', 'SIGPIPE', 'SIGWINCH'] as const)(
  'a signal that zinetd has no use for changes nothing: %s',
  async (signal) => {
    const zinetd = await start({ echo });
    zinetd.signal(signal);
    await dump(zinetd, 1);
    expect(await ask(zinetd.port('echo'), 'hello')).toBe('hello');
  },
);

describe('USR1', () => {
  test('tells the state as records: handlers, counters, listeners, what is refused and why nothing is accepted', async () => {
    const zinetd = await start({
      echo,
      sleeper: { ...sleeper, instances: 7 },
      open: { ...echo, instances: 'UNLIMITED' },
      closed: { ...echo, only_from: ['192.0.2.1'] },
      tired: { ...echo, server: '/bin/true', cps: { rate: 1, per: '1h', wait: '1h' } },
      waits: { ...echo, server: handler('acceptor'), wait: true },
    });
    expect(await ask(zinetd.port('echo'), 'hello')).toBe('hello');
    await connect(zinetd.port('sleeper'));
    await connect(zinetd.port('waits'));
    await ask(zinetd.port('closed'));
    for (const from of ['127.0.0.2', '127.0.0.3'])
      await (await connect(zinetd.port('tired'), { from })).ended();
    await zinetd.event('suspended');
    const started = (name: string) => zinetd.event((it) => it.event === 'started' && it.service === name);
    for (const name of ['echo', 'sleeper', 'waits']) await started(name);
    await zinetd.event((it) => it.event === 'exited' && it.service === 'echo');
    const services = await dump(zinetd, 6);
    const [state] = zinetd.log.all.filter(({ event }) => event === 'state');
    expect(state).toMatchObject({ level: 'info', generation: 1, services: 6, bans: 0 });
    expect(state?.['sources']).toBeGreaterThan(0);
    expect(services['echo']).toMatchObject({
      ...{ level: 'info', running: 0, starting: 0, started: 1, ended: 1, failed: 0, refused: 0 },
      listeners: [{ scheme: 'tcp', port: zinetd.port('echo'), accepts: true, pauses: [] }],
    });
    expect(services['sleeper']).toMatchObject({ running: 1, instances: 7, started: 1, ended: 0 });
    expect(services['closed']).toMatchObject({ running: 0, started: 0, refused: 1 });
    expect(services['open']).not.toHaveProperty('instances');
    expect(services['open']?.['message']).toMatch(/^State of open: 0 running, /);
    expect(services['tired']).toMatchObject({
      suspended: { reason: 'connections per second' },
      listeners: [{ accepts: false, pauses: ['suspended'] }],
    });
    expect(services['waits']).toMatchObject({
      running: 1,
      listeners: [{ accepts: false, pauses: ['busy'] }],
    });
    expect(String(services['tired']?.['message'])).toMatch(
      /^State of tired: 0 of \d+ running, 0 starting; 1 started, 1 ended, 0 failed, 1 refused; suspended for \S+ \(connections per second\); tcp:\/\/127\.0\.0\.1:\d+ waits \(suspended\)$/,
    );
  });

  test('tells of a listener that could not be opened, and why', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void taken.close());
    await new Promise((done) => taken.once('listening', done));
    const address = taken.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const zinetd = await start({ echo: { ...echo, listen: [listen, `tcp://127.0.0.1:${port}`] } });
    await zinetd.event('listen-failed');
    const services = await dump(zinetd, 1);
    expect(services['echo']?.['listeners']).toMatchObject([
      { accepts: true },
      { port, accepts: false, pauses: [], error: 'EADDRINUSE' },
    ]);
  });

  test('in a flood tells the state once a second at most, then once more, and disturbs no service (S111, S118)', async () => {
    const zinetd = await start({ echo });
    const since = performance.now();
    for (let time = 0; time < 400; time++) {
      zinetd.signal('SIGUSR1');
      if (time % 20 === 0) expect(await ask(zinetd.port('echo'), 'x')).toBe('x');
    }
    await zinetd.event('state');
    await zinetd.event('state');
    await zinetd.event('service-state');
    const seconds = (performance.now() - since) / 1000;
    expect(zinetd.log.count('state')).toBeLessThanOrEqual(Math.floor(seconds) + 1);
  });

  test('reaches the spawner alone: no inspector opens, and no file is written (S111, S131)', async () => {
    const before = ['/var/run', '/tmp'].map((path) => readdirSync(path).filter((it) => /dump/.test(it)));
    const zinetd = await start({ echo });
    await dump(zinetd, 1);
    process.kill(zinetd.dispatcherPid ?? 0, 'SIGUSR1');
    expect(await ask(zinetd.port('echo'), 'hello')).toBe('hello');
    expect(isListeningOn(INSPECTOR_PORT)).toBe(false);
    expect(zinetd.log.count('state')).toBe(1);
    const after = ['/var/run', '/tmp'].map((path) => readdirSync(path).filter((it) => /dump/.test(it)));
    expect(after).toEqual(before);
    expect(existsSync('/var/run/xinetd.dump')).toBe(false);
  });

  test('is answered by a dispatcher that was started again', async () => {
    const zinetd = await startZinetd({ config: { services: { echo, sleeper } }, lossy: true });
    await connect(zinetd.port('sleeper'));
    await zinetd.event('started');
    process.kill(zinetd.dispatcherPid ?? 0, 'SIGKILL');
    await zinetd.event('dispatcher-restarted');
    const services = await dump(zinetd, 2);
    expect(services['sleeper']).toMatchObject({ running: 1 });
  });

  test('while zinetd stops tells what it waits for', async () => {
    const zinetd = await start({ sleeper }, ['--grace', '1h']);
    const client = await connect(zinetd.port('sleeper'));
    await zinetd.event('started');
    zinetd.signal('SIGTERM');
    await zinetd.event('stopping');
    const services = await dump(zinetd, 1);
    expect(services['sleeper']).toMatchObject({ running: 1, listeners: [{ accepts: false }] });
    client.socket.destroy();
    zinetd.signal('SIGTERM');
    expect(await zinetd.ended).toBe(0);
  });
});

describe('QUIT', () => {
  test('ends zinetd at once and lets handlers go on', async () => {
    const zinetd = await startZinetd({
      config: { services: { echo, sleeper } },
      lossy: true,
      args: ['--grace', '1h'],
    });
    const client = await connect(zinetd.port('echo'));
    client.send('before ');
    await client.readUntil('before ');
    zinetd.signal('SIGQUIT');
    expect(await zinetd.ended).toBe(0);
    expect(zinetd.log.all.at(-1)).toMatchObject({ event: 'stopped', killed: 0, running: 1 });
    expect(zinetd.log.count('spawner-gone')).toBe(0);
    expect(await isRefused(zinetd.port('echo'))).toBe(true);
    client.send('after');
    client.halfClose();
    expect(await client.readAll()).toBe('before after');
  });

  test('ends what zinetd serves itself, and says so', async () => {
    const zinetd = await start({ own: { listen, builtin: 'discard' } });
    const client = await connect(zinetd.port('own'));
    await zinetd.event('started');
    zinetd.signal('SIGQUIT');
    expect(await zinetd.event('exited')).toMatchObject({ service: 'own', end: 'stopping' });
    expect(['end', 'reset']).toContain(await client.ended());
    expect(await zinetd.ended).toBe(0);
    expect(zinetd.log.all.at(-1)).toMatchObject({ event: 'stopped', running: 0 });
  });

  test('during a stop gives up waiting for handlers, without ending them', async () => {
    const zinetd = await startZinetd({
      config: { services: { echo } },
      lossy: true,
      args: ['--grace', '1h'],
    });
    const client = await connect(zinetd.port('echo'));
    await zinetd.event('started');
    zinetd.signal('SIGTERM');
    await zinetd.event('stopping');
    zinetd.signal('SIGQUIT');
    expect(await zinetd.ended).toBe(0);
    client.send('after');
    client.halfClose();
    expect(await client.readAll()).toBe('after');
  });

  test('while the configuration is compiled ends zinetd with 0', async () => {
    const zinetd = await startZinetd({ config: { services: { echo } }, expectFailure: true });
    await until(() => childrenOf(zinetd.pid).some((it) => commandLineOf(it).includes('--compiler')), {
      what: 'the compiler runs',
    });
    zinetd.signal('SIGQUIT');
    expect(await zinetd.ended).toBe(0);
    expect(zinetd.log.all).toEqual([]);
  });
});

describeWith('QUIT to zinetd as PID 1', { needs: ['root', { program: 'unshare' }] }, () => {
  test('ends it, and with it, by the kernel, all of its namespace', async () => {
    const prefix = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc', '--'];
    const config = { services: { sleeper } };
    const zinetd = await startZinetd({ config, prefix, lossy: true, expectFailure: true });
    await zinetd.event('ready');
    const [init = 0] = childrenOf(zinetd.pid);
    await connect(zinetd.port('sleeper'));
    await zinetd.event('started');
    const handlers = childrenOf(init).filter((it) => !commandLineOf(it).includes('--dispatcher'));
    expect(handlers.length).toBe(1);
    process.kill(init, 'SIGQUIT');
    expect(await zinetd.ended).toBe(0);
    expect(zinetd.log.all.at(-1)).toMatchObject({ event: 'stopped', running: 1 });
    await until(() => handlers.every((it) => statusOf(it, 'State') === undefined), {
      what: 'handlers are gone',
    });
  });
});
