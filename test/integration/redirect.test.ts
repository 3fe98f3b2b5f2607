import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ask, Client, connect } from '../harness/client.ts';
import { describeWith } from '../harness/describe-with.ts';
import { isRoot } from '../harness/identity.ts';
import { program } from '../harness/program.ts';
import { runProgram } from '../harness/run-program.ts';
import { scratch } from '../harness/scratch.ts';
import { ServicesFile } from '../harness/services-file.ts';
import { startZinetd } from '../harness/start-zinetd.ts';
import { startTarget } from '../harness/target.ts';
import { freePort } from './free-port.ts';
import { echo, hashOf, hear, listen, pair, startRelay } from './relay-ends.ts';

describe('a connection that is relayed', () => {
  test('reaches the target and comes back, ends with the other side, and has two records (promise 7)', async () => {
    const target = await startTarget(echo);
    const zinetd = await startRelay(target.url);
    expect(await ask(zinetd.port('relay'), 'hello')).toBe('hello');
    expect(await zinetd.event('started')).toMatchObject({ service: 'relay', peer: { address: '127.0.0.1' } });
    expect(await zinetd.event('exited')).toMatchObject({
      ...{ service: 'relay', end: 'done', in_bytes: 5, out_bytes: 5 },
    });
    expect(zinetd.log.all.filter(({ pid, event }) => event === 'started' && pid !== undefined)).toEqual([]);
  });

  test('may come by IPv6, a unix socket or tcpmux, and be one of many', async () => {
    const target = await startTarget(echo);
    const path = join(scratch('relay'), 'socket');
    const zinetd = await startZinetd({
      config: {
        services: {
          relay: { listen: ['tcp://[::1]:0', `unix://${path}`, 'tcpmux://+relay'], redirect: target.url },
          mux: { listen, builtin: 'tcpmux' },
        },
      },
    });
    const client = await connect(zinetd.port('relay'), { host: '::1' });
    client.send('six');
    client.halfClose();
    expect(await client.readAll()).toBe('six');
    const local = new Client(createConnection({ path, allowHalfOpen: true }));
    local.send('local');
    local.halfClose();
    expect(await local.readAll()).toBe('local');
    expect(await ask(zinetd.port('mux'), 'relay\r\nby name')).toBe('+Go\r\nby name');
  });

  test('is admitted by the rules of its service, and has a place among its instances', async () => {
    const target = await startTarget();
    const zinetd = await startRelay(target.url, { instances: 1, per_source: 2, no_access: ['127.0.0.9'] });
    expect(await ask(zinetd.port('relay'), '', { from: '127.0.0.9' })).toBe('');
    expect(await zinetd.event('refused')).toMatchObject({ reason: 'address' });
    const { client, far } = await pair(zinetd, target);
    await ask(zinetd.port('relay'));
    expect(await zinetd.event('refused')).toMatchObject({ reason: 'service_limit' });
    client.halfClose();
    far.resume().end();
    await zinetd.event('exited');
    const again = await pair(zinetd, target);
    again.client.reset();
    again.far.destroy();
  });
});

describe('a target', () => {
  test('that refuses is a failure with its error, and the client sees the end (promise 7)', async () => {
    const port = await freePort();
    const zinetd = await startRelay(`tcp://127.0.0.1:${port}`);
    expect(await ask(zinetd.port('relay'), 'hello')).toBe('');
    expect(await zinetd.event('failed')).toMatchObject({ reason: 'redirect', error: 'ECONNREFUSED' });
    expect(zinetd.log.count('started')).toBe(0);
  });

  test('is not read for before it is there, and loses nothing that came before', async () => {
    const target = await startTarget();
    const zinetd = await startRelay(target.url);
    const client = await connect(zinetd.port('relay'));
    client.send('early');
    client.halfClose();
    const far = await target.next();
    expect(await hear(far)).toBe(hashOf('early'));
    far.end('late');
    expect(await client.readAll()).toBe('late');
  });

  /** A listener whose queue is full drops what more comes. */
  const FULL = `
import socket, sys
s = socket.socket()
s.bind(('127.0.0.1', 0))
s.listen(0)
c = [socket.socket() for _ in range(3)]
for each in c:
    each.setblocking(False)
    each.connect_ex(s.getsockname())
print(s.getsockname()[1], flush=True)
sys.stdin.read()
`;

  async function startSilent(): Promise<number> {
    const child: ChildProcess = spawn('python3', ['-c', FULL], { stdio: ['pipe', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    if (!child.stdout) throw new Error('Cannot start a silent target');
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    return Number(line.toString());
  }

  describeWith('that does not answer', { needs: [{ program: 'python3' }] }, () => {
    test('is given up after the time for that', async () => {
      const port = await startSilent();
      const zinetd = await startRelay({ to: `tcp://127.0.0.1:${port}`, connect_timeout: '300ms' });
      expect(await ask(zinetd.port('relay'), 'hello')).toBe('');
      expect(await zinetd.event('failed')).toMatchObject({ reason: 'redirect', error: 'ETIMEDOUT' });
    });

    test('is given up when its client goes, or zinetd stops; others are served meanwhile (S134)', async () => {
      const port = await startSilent();
      const target = await startTarget(echo);
      const services = {
        relay: { listen, redirect: { to: `tcp://127.0.0.1:${port}`, connect_timeout: '1m' } },
        other: { listen, redirect: target.url },
      };
      const zinetd = await startZinetd({ config: { services } });
      const client = await connect(zinetd.port('relay'));
      expect(await ask(zinetd.port('other'), 'x')).toBe('x');
      client.reset();
      expect(await zinetd.event('failed')).toMatchObject({ reason: 'client_gone' });
      const patient = await connect(zinetd.port('relay'));
      expect(await ask(zinetd.port('other'), 'x')).toBe('x');
      await zinetd.stop();
      await patient.ended();
      expect(zinetd.log.all.filter(({ event }) => event === 'failed').at(-1)).toMatchObject({
        service: 'relay',
        reason: 'stopping',
      });
    });
  });

  test('is asked now and then if it is still there, so that one that is not holds no instance (S81)', async () => {
    const target = await startTarget();
    const zinetd = await startRelay(target.url);
    const { client, far } = await pair(zinetd, target);
    await zinetd.event('started');
    const KEEPALIVE_TIMER = '02';
    const hex = (port = 0): string => `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
    const lines = readFileSync('/proc/net/tcp', 'utf8').split('\n');
    const [, , , , , timer] =
      lines
        .map((line) => line.trim().split(/\s+/))
        .find(
          ([, local, remote]) => local?.endsWith(hex(far.remotePort)) && remote?.endsWith(hex(target.port)),
        ) ?? [];
    expect(timer?.split(':')[0]).toBe(KEEPALIVE_TIMER);
    client.reset();
  });

  test('or a client that says nothing for so long is let go', async () => {
    const target = await startTarget();
    const zinetd = await startRelay({ to: target.url, idle_timeout: '300ms' });
    const { client, far } = await pair(zinetd, target);
    const ended = once(far.resume(), 'end');
    await client.ended();
    await ended;
    expect(await zinetd.event('exited')).toMatchObject({ end: 'idle' });
  });
});

describe('relays', () => {
  test('end with a stop, each with a record (promise 7)', async () => {
    const target = await startTarget();
    const zinetd = await startRelay(target.url);
    const { client, far } = await pair(zinetd, target);
    await zinetd.event('started');
    const ended = once(far.resume(), 'close');
    far.once('end', () => far.end());
    await zinetd.stop();
    await client.ended();
    await ended;
    const exited = zinetd.log.all.filter(({ event }) => event === 'exited');
    expect(exited).toMatchObject([{ service: 'relay', end: 'stopping' }]);
  });

  test('end with the dispatcher, whose successor relays anew (S140)', async () => {
    const target = await startTarget();
    const zinetd = await startZinetd({
      config: { services: { relay: { listen, redirect: target.url } } },
      lossy: true,
    });
    const { client, far } = await pair(zinetd, target);
    await zinetd.event('started');
    const ended = once(far.resume(), 'end');
    const before = zinetd.dispatcherPid ?? 0;
    process.kill(before, 'SIGKILL');
    await client.ended();
    await ended;
    far.destroy();
    await zinetd.event('dispatcher-restarted');
    const again = await pair(zinetd, target);
    again.far.end('anew');
    expect(await again.client.readAll()).toBe('anew');
    again.client.halfClose();
    await zinetd.event('exited');
  });

  test('go on through a reload, and new ones go where that says', async () => {
    const [first, second] = await Promise.all([startTarget(), startTarget()]);
    const another = { listen, redirect: first.url };
    const file = new ServicesFile({ another, relay: { listen, redirect: first.url } });
    const zinetd = await startZinetd({ config: file.config });
    const old = await pair(zinetd, first);
    // Both had one row of the launch table, which is that of the other alone now.
    file.write({ another, relay: { listen, redirect: second.url } });
    zinetd.signal('SIGHUP');
    await zinetd.event('reloaded');
    old.client.send('still');
    expect(String((await once(old.far.resume(), 'data'))[0])).toBe('still');
    old.far.end('there');
    expect(await old.client.readAll()).toBe('there');
    old.client.halfClose();
    const fresh = await pair(zinetd, second);
    fresh.far.end('new');
    expect(await fresh.client.readAll()).toBe('new');
    fresh.client.halfClose();
  });
});

describeWith('real clients', { needs: ['root', { program: 'curl' }, { program: 'micro-httpd' }] }, () => {
  test('get a page by curl from micro-httpd behind two relays', async () => {
    const [httpPort, middlePort] = [await freePort(), await freePort()];
    const services = {
      http: {
        ...{ listen: `tcp://127.0.0.1:${httpPort}`, user: isRoot ? 'nobody' : undefined },
        ...{ server: program('micro-httpd'), server_args: ['/usr/share'] },
      },
      middle: { listen: `tcp://127.0.0.1:${middlePort}`, redirect: `tcp://127.0.0.1:${httpPort}` },
      relay: { listen, redirect: `tcp://127.0.0.1:${middlePort}` },
    };
    const zinetd = await startZinetd({ config: { services } });
    const url = `http://127.0.0.1:${zinetd.port('relay')}/`;
    const page = await runProgram(['curl', '--silent', '--show-error', '--include', url]);
    expect(page).toMatchObject({ status: 0, stderr: '' });
    expect(page.stdout).toMatch(/^HTTP\/1\.[01] 200 .*<\/html>/is);
  });
});
