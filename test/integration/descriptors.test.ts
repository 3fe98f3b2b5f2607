import { createServer } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ask, connect } from '../harness/client.ts';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { childrenOf, isZombie, statusOf } from '../harness/processes.ts';
import { type StartOptions, startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { attachStrace } from '../harness/strace.ts';
import { until } from '../harness/until.ts';
import { freePort } from './free-port.ts';
import { hostileStart } from './hostile-start.ts';
import { isListeningOn } from './listening-on.ts';
import { listenersOf, openDescriptors } from './open-descriptors.ts';
import type { ProbeReport } from './probe-report.ts';

const defaults = isRoot ? { user: 'nobody' } : {};

function serve(server: string, options: Partial<StartOptions> & { port?: number } = {}): Promise<Zinetd> {
  const { port = 0, ...rest } = options;
  const services = { it: { listen: `tcp://127.0.0.1:${port}`, server: handler(server) } };
  return startZinetd({ config: { defaults, services }, ...rest });
}

async function bind(port: number): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  await new Promise((resolve) => server.close(resolve));
}

function isGone(pid: number): boolean {
  return statusOf(pid, 'State') === undefined || isZombie(pid);
}

describe('a listening socket', () => {
  test('is not among the descriptors of any handler (S12)', async () => {
    const one = { listen: ['tcp://127.0.0.1:0', 'tcp://[::1]:0'], server: handler('probe') };
    const zinetd = await startZinetd({ config: { defaults, services: { one, two: one } } });
    for (const service of ['one', 'two']) {
      const { fds } = JSON.parse(await ask(zinetd.port(service))) as ProbeReport;
      expect(fds.map(({ fd }) => fd)).toEqual([0, 1, 2]);
      expect(fds.map((fd) => fd['accepting'])).toEqual([false, false, false]);
    }
  });

  test('is gone once all of zinetd was killed, while a handler lives on (S12)', async () => {
    const zinetd = await serve('sleeper', { lossy: true });
    const port = zinetd.port('it');
    const { dispatcherPid = 0 } = zinetd;
    const client = await connect(port);
    const handlerPid = Number(await client.readUntil('\n'));
    await expect(bind(port)).rejects.toThrow('EADDRINUSE');
    zinetd.signal('SIGKILL');
    process.kill(dispatcherPid, 'SIGKILL');
    await zinetd.ended;
    await until(() => isGone(dispatcherPid), { what: 'the dispatcher is gone' });
    await bind(port);
    expect(isGone(handlerPid)).toBe(false);
    client.halfClose();
    await until(() => isGone(handlerPid), { what: 'the handler is gone' });
  });
});

describeWith('a handler whose exec hangs', { needs: ['root', { program: 'strace' }] }, () => {
  /** Longer than anything here waits. */
  const DELAY_US = 20_000_000;

  test('holds its client, and neither a listener nor anything else of zinetd (S11, S12)', async () => {
    const zinetd = await serve('raw');
    const inject = `inject=execve:delay_enter=${DELAY_US}`;
    const strace = await attachStrace(zinetd.pid, ['-f', '-e', 'trace=execve', '-e', inject]);
    const client = await connect(zinetd.port('it'));
    const isAlone = (pid: number) => {
      const held = openDescriptors(pid);
      return held.length === 3 && new Set(held.map(({ target }) => target)).size === 1;
    };
    await until(() => childrenOf(zinetd.pid).some(isAlone), { what: 'a child has nothing but its client' });
    expect(zinetd.log.count('started')).toBe(0);
    await strace.detach();
    await client.ended();
  });
});

describe('a client and the log', () => {
  const SUBSETS: readonly (readonly (0 | 1 | 2)[])[] = [[], [0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]];

  test.each(SUBSETS.map((closed) => ({ closed, names: closed.join(', ') || 'none' })))(
    'never see what is meant for the other; closed at the start: $names (S14)',
    async ({ closed }) => {
      const port = closed.includes(1) ? await freePort() : 0;
      const zinetd = await serve('echo', { closed, port });
      if (port) await until(() => isListeningOn(port), { what: `zinetd listens on ${port}` });
      const secret = `from the client ${Math.random()}\n`;
      expect(await ask(port || zinetd.port('it'), secret)).toBe(secret);
      await zinetd.stop();
      const printed = [
        ...zinetd.log.all.map((it) => JSON.stringify(it)),
        ...zinetd.log.strays,
        zinetd.stderr,
      ];
      expect(printed.join('\n')).not.toContain('from the client');
    },
  );
});

describeWith('descriptors that zinetd was started with', { needs: ['root'] }, () => {
  test('reach none of its processes (S15)', async () => {
    const zinetd = await serve('sleeper', hostileStart().options);
    const client = await connect(zinetd.port('it'));
    const handlerPid = Number(await client.readUntil('\n'));
    for (const pid of [zinetd.pid, zinetd.dispatcherPid ?? 0, handlerPid]) {
      const targets = openDescriptors(pid).map(({ target }) => target);
      expect(targets.length).toBeGreaterThanOrEqual(3);
      expect(targets).not.toContain('/etc/passwd');
    }
    client.halfClose();
    await client.ended();
  });
});

describeWith('the flags that processes share', { needs: ['root'] }, () => {
  function expectListening(zinetd: Zinetd): void {
    for (const pid of [zinetd.pid, zinetd.dispatcherPid ?? 0]) {
      expect(listenersOf(pid).map(({ isNonBlocking }) => isNonBlocking)).toEqual([true]);
    }
  }

  test('stay: listeners never block, sockets of handlers always do (S16, S71)', async () => {
    const zinetd = await serve('sleeper');
    expectListening(zinetd);
    const client = await connect(zinetd.port('it'));
    const handlerPid = Number(await client.readUntil('\n'));
    expectListening(zinetd);
    const blocking = openDescriptors(handlerPid).map(({ fd, isNonBlocking }) => ({ fd, isNonBlocking }));
    expect(blocking).toEqual([0, 1, 2].map((fd) => ({ fd, isNonBlocking: false })));
    client.halfClose();
    await zinetd.event('exited');
    expectListening(zinetd);
  });
});

describe('the stream of a connection', () => {
  const SIZE_BYTES = 65_536;
  const RUNS = 200;
  const bytes = Buffer.from(Array.from({ length: SIZE_BYTES }, (_, at) => (at * 31 + (at >> 8)) & 0xff));

  function split(cuts: readonly number[]): readonly Buffer[] {
    const points = [0, ...[...cuts].sort((left, right) => left - right), SIZE_BYTES];
    return points.slice(1).map((end, index) => bytes.subarray(points[index], end));
  }

  test('arrives at the handler whole and once, however the client cuts it (S17)', async () => {
    const zinetd = await serve('echo');
    const cuts = fc.array(fc.nat({ max: SIZE_BYTES }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(cuts, async (points) => {
        const client = await connect(zinetd.port('it'));
        client.socket.setNoDelay(true);
        for (const part of split(points)) {
          client.send(part);
          await setImmediate();
        }
        client.halfClose();
        expect(await client.ended()).toBe('end');
        expect(client.received.equals(bytes)).toBe(true);
        client.socket.destroy();
      }),
      { numRuns: RUNS },
    );
  }, 60_000);

  test('reaches the client whole, and with a clean end, long after zinetd closed its copies (S18)', async () => {
    const zinetd = await serve('writer');
    for (const isHalfClosed of [false, true]) {
      const client = await connect(zinetd.port('it'));
      await zinetd.event('started');
      client.send('go\n');
      if (isHalfClosed) client.halfClose();
      expect(await client.ended()).toBe('end');
      expect(client.received.length).toBe(1 << 20);
      expect(client.received.every((byte, at) => byte === at % 251)).toBe(true);
    }
  });
});

describeWith('a configuration with 3,000 listeners', { needs: ['root'] }, () => {
  const SERVICES = 60;
  const LISTENERS_EACH = 50;
  const DESCRIPTORS = 8000;
  const FD_SETSIZE = 1024;

  test('is served, on descriptors above 1,024 too (S98)', async () => {
    const service = { listen: Array(LISTENERS_EACH).fill('tcp://127.0.0.1:0'), server: handler('probe') };
    const names = Array.from({ length: SERVICES }, (_, at) => `s${at}`);
    const services = Object.fromEntries(names.map((name) => [name, service]));
    const zinetd = await startZinetd({ config: { defaults, services }, descriptors: DESCRIPTORS });
    for (const pid of [zinetd.pid, zinetd.dispatcherPid ?? 0]) {
      const fds = listenersOf(pid).map(({ fd }) => fd);
      expect(fds.length).toBe(SERVICES * LISTENERS_EACH);
      expect(Math.max(...fds)).toBeGreaterThan(FD_SETSIZE);
    }
    const locals = zinetd.log.all
      .filter(({ event }) => event === 'listening')
      .map(({ local }) => local?.port);
    for (const port of [locals.at(0), locals.at(FD_SETSIZE), locals.at(-1)]) {
      const { fds } = JSON.parse(await ask(port ?? 0)) as ProbeReport;
      expect(fds.map(({ fd }) => fd)).toEqual([0, 1, 2]);
    }
  }, 60_000);
});
