import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ask, Client, connect } from '../harness/client.ts';
import { describeWith } from '../harness/describe-with.ts';
import { isRoot } from '../harness/identity.ts';
import { statusOf } from '../harness/processes.ts';
import { program } from '../harness/program.ts';
import { runProgram } from '../harness/run-program.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { startTarget, type Target } from '../harness/target.ts';
import { until } from '../harness/until.ts';
import { freePort } from './free-port.ts';

const listen = 'tcp://127.0.0.1:0';

function start(redirect: unknown, more: Readonly<Record<string, unknown>> = {}): Promise<Zinetd> {
  return startZinetd({ config: { services: { relay: { listen, redirect, ...more } } } });
}

/** What both sides are: it says back what it hears. */
function echo(socket: Socket): void {
  socket.pipe(socket);
}

async function pair(zinetd: Zinetd, target: Target): Promise<{ client: Client; far: Socket }> {
  const [client, far] = await Promise.all([connect(zinetd.port('relay')), target.next()]);
  return { client, far };
}

describe('a connection that is relayed', () => {
  test('reaches the target and comes back, ends with the other side, and has two records (promise 7)', async () => {
    const target = await startTarget(echo);
    const zinetd = await start(target.url);
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
    const zinetd = await start(target.url, { instances: 1, per_source: 2, no_access: ['127.0.0.9'] });
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

const MEGABYTE = 1024 * 1024;
/** Each way. */
const TOTAL_BYTES = 100 * MEGABYTE;
const PIECE = randomBytes(MEGABYTE);

/** Says so much, with a count in each piece, and then no more. Gives the hash of it. */
async function say(socket: Socket, totalBytes: number): Promise<string> {
  const hash = createHash('sha256');
  for (let sent = 0; sent < totalBytes; sent += PIECE.length) {
    const piece = Buffer.from(PIECE);
    piece.writeUInt32BE(sent, 0);
    hash.update(piece);
    if (!socket.write(piece)) await once(socket, 'drain');
  }
  socket.end();
  return hash.digest('hex');
}

/** Hears all, with a rest after every so many bytes, and gives the hash of it. It may go on to talk. */
async function hear(socket: Socket, restAfterBytes = Number.POSITIVE_INFINITY): Promise<string> {
  const hash = createHash('sha256');
  let sinceRest = 0;
  socket.on('data', (chunk: Buffer) => {
    hash.update(chunk);
    sinceRest += chunk.length;
    if (sinceRest < restAfterBytes) return;
    sinceRest = 0;
    socket.pause();
    setTimeout(() => socket.resume(), 1);
  });
  socket.resume();
  await once(socket, 'end');
  return hash.digest('hex');
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

function residentKiB(pid: number): number {
  return Number.parseInt(statusOf(pid, 'VmRSS') ?? '', 10);
}

describe('what is carried', () => {
  test('is the same bytes, 100 MB both ways at once with slow readers, and an end each way (S140)', async () => {
    const target = await startTarget();
    const zinetd = await start(target.url);
    const clientSocket = (await connect(zinetd.port('relay'))).socket;
    clientSocket.removeAllListeners('data').pause();
    const far = await target.next();
    const [said, answered, heard, received] = await Promise.all([
      say(clientSocket, TOTAL_BYTES),
      say(far, TOTAL_BYTES),
      hear(far, 4 * MEGABYTE),
      hear(clientSocket, 8 * MEGABYTE),
    ]);
    expect([heard, received]).toEqual([said, answered]);
    expect(await zinetd.event('exited')).toMatchObject({ end: 'done' });
  }, 60_000);

  test.each(['client', 'target'] as const)(
    'goes on for as long as anybody listens after the end of the %s (S140)',
    async (first) => {
      const target = await startTarget();
      const zinetd = await start(target.url);
      const { client, far } = await pair(zinetd, target);
      client.socket.removeAllListeners('data').pause();
      const [early, late] = first === 'client' ? [client.socket, far] : [far, client.socket];
      early.end('over');
      expect(await hear(late)).toBe(hashOf('over'));
      const [said, received] = await Promise.all([say(late, 8 * MEGABYTE), hear(early, MEGABYTE)]);
      expect(received).toBe(said);
      expect(await zinetd.event('exited')).toMatchObject({ end: 'done' });
    },
  );

  const HELD = 200;
  const MOST_KIB = 256;

  test(`costs ${MOST_KIB} KiB a connection at the most, however much is sent to those who read nothing (S140)`, async () => {
    const target = await startTarget();
    const zinetd = await start(target.url, { instances: 2 * HELD, per_source: 2 * HELD });
    const dispatcher = zinetd.dispatcherPid ?? 0;
    const warm = await pair(zinetd, target);
    await zinetd.event('started');
    warm.client.reset();
    warm.far.destroy();
    await zinetd.event('exited');
    const before = residentKiB(dispatcher);
    const sockets: Socket[] = [];
    for (let count = 0; count < HELD; count++) {
      const { client, far } = await pair(zinetd, target);
      client.socket.removeAllListeners('data').pause();
      sockets.push(client.socket, far);
    }
    // More than all buffers on the way hold.
    const much = Buffer.alloc(16 * MEGABYTE);
    for (const socket of sockets) socket.write(much);
    let last = -1;
    const moved = (): number =>
      sockets.reduce((sum, { bytesWritten, writableLength }) => sum + bytesWritten - writableLength, 0);
    await until(
      () => {
        const now = moved();
        const isStill = now === last;
        last = now;
        return isStill;
      },
      { what: 'nothing moves any more', timeoutMs: 20_000 },
    );
    const perConnection = (residentKiB(dispatcher) - before) / HELD;
    console.info(`a held connection costs ${perConnection.toFixed(0)} KiB of the dispatcher`);
    expect(perConnection).toBeLessThanOrEqual(MOST_KIB);
    for (const socket of sockets) socket.resetAndDestroy();
  }, 60_000);
});

describe('a target', () => {
  test('that refuses is a failure with its error, and the client sees the end (promise 7)', async () => {
    const port = await freePort();
    const zinetd = await start(`tcp://127.0.0.1:${port}`);
    expect(await ask(zinetd.port('relay'), 'hello')).toBe('');
    expect(await zinetd.event('failed')).toMatchObject({ reason: 'redirect', error: 'ECONNREFUSED' });
    expect(zinetd.log.count('started')).toBe(0);
  });

  test('is not read for before it is there, and loses nothing that came before', async () => {
    const target = await startTarget();
    const zinetd = await start(target.url);
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
      const zinetd = await start({ to: `tcp://127.0.0.1:${port}`, connect_timeout: '300ms' });
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
    const zinetd = await start(target.url);
    const { client, far } = await pair(zinetd, target);
    await zinetd.event('started');
    const KEEPALIVE_TIMER = '02';
    const hex = (port = 0): string => `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
    const lines = readFileSync('/proc/net/tcp', 'utf8').split('\n');
    const [, local, remote, , , timer] =
      lines
        .map((line) => line.trim().split(/\s+/))
        .find(
          (fields) => fields[1]?.endsWith(hex(far.remotePort)) && fields[2]?.endsWith(hex(target.port)),
        ) ?? [];
    expect([local, remote, timer?.split(':')[0]]).toEqual([local, remote, KEEPALIVE_TIMER]);
    client.reset();
  });

  test('or a client that says nothing for so long is let go', async () => {
    const target = await startTarget();
    const zinetd = await start({ to: target.url, idle_timeout: '300ms' });
    const { client, far } = await pair(zinetd, target);
    const ended = once(far.resume(), 'end');
    await client.ended();
    await ended;
    expect(await zinetd.event('exited')).toMatchObject({ end: 'idle' });
  });
});

describe('resets', () => {
  const TIMES = 100;

  /** What happens to a pair of ends that are connected. */
  const PHASES: Readonly<Record<string, (client: Client, far: Socket) => void>> = {
    'by the client at once': (client) => client.reset(),
    'by the target at once': (_client, far) => void far.resetAndDestroy(),
    'by the client behind bytes': (client, far) => {
      far.resume();
      client.socket.write('some bytes', () => client.reset());
    },
    'by the target behind bytes': (_client, far) => void far.write('some bytes', () => far.resetAndDestroy()),
    'by the client after its end': (client, far) => {
      far.resume().once('end', () => client.reset());
      client.halfClose();
    },
    'by the target after its end': (client, far) => {
      client.socket.once('end', () => far.resetAndDestroy());
      far.end();
    },
    'by the client, with much unsent': (client, far) => {
      client.socket.pause();
      far.write(Buffer.alloc(8 * MEGABYTE));
      far.once('drain', () => {});
      setImmediate(() => client.reset());
    },
  };

  test(`${Object.keys(PHASES).join(', ')}: ${TIMES} times each, nothing is left and others are served (S134)`, async () => {
    const target = await startTarget();
    const zinetd = await start(target.url, { instances: 50, per_source: 50 });
    const dispatcher = zinetd.dispatcherPid;
    let expected = 0;
    for (const reset of Object.values(PHASES)) {
      for (let count = 0; count < TIMES; count++) {
        const { client, far } = await pair(zinetd, target);
        reset(client, far);
        expected++;
        await until(() => zinetd.log.count('exited') + zinetd.log.count('failed') === expected, {
          what: `the end of connection ${expected}`,
        });
        far.destroy();
      }
    }
    expect(zinetd.log.count('exited')).toBe(zinetd.log.count('started'));
    expect(zinetd.dispatcherPid).toBe(dispatcher);
    const { client, far } = await pair(zinetd, target);
    far.end('still there');
    expect(await client.readAll()).toBe('still there');
    client.halfClose();
  }, 60_000);
});

describe('relays', () => {
  test('end with a stop, each with a record (promise 7)', async () => {
    const target = await startTarget();
    const zinetd = await start(target.url);
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
    const first = await startTarget();
    const zinetd = await start(first.url);
    const old = await pair(zinetd, first);
    zinetd.signal('SIGHUP');
    await zinetd.event('reloaded');
    old.client.send('still');
    expect(String((await once(old.far.resume(), 'data'))[0])).toBe('still');
    old.far.end('there');
    expect(await old.client.readAll()).toBe('there');
    old.client.halfClose();
    const fresh = await pair(zinetd, first);
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
