import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';

const run = promisify(execFile);

const DIRECTORY = fileURLToPath(new URL('../../bench/loadgen/', import.meta.url));
const SOURCES = readdirSync(DIRECTORY).filter((file) => file.endsWith('.c'));

interface Report {
  readonly connections: number;
  readonly total: number;
  readonly seconds: number;
  readonly perSecond: number;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly maxUs: number;
  readonly firstByte: { readonly p50Us: number; readonly p99Us: number; readonly maxUs: number };
  readonly scheduled?: number;
  readonly unsent?: number;
  readonly errors: Readonly<Record<string, number>>;
}

const directory = mkdtempSync(join(tmpdir(), 'loadgen-'));
const program = join(directory, 'loadgen');
const servers: Server[] = [];

async function portOf(serve: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    // The generator closes with data unread once it has seen too much: a reset, here.
    socket.on('error', () => undefined);
    serve(socket);
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function load(port: number, flags: readonly string[] = []): Promise<Report> {
  const { stdout } = await run(program, ['-p', String(port), '-c', '4', '-d', '0.2', ...flags]);
  return JSON.parse(stdout) as Report;
}

const NO_ERRORS = { refused: 0, reset: 0, timeout: 0, noData: 0, wrongData: 0, other: 0 };

beforeAll(async () => {
  const flags = ['-std=c11', '-O2', '-Wall', '-Wextra', '-Werror'];
  await run('cc', [...flags, '-o', program, ...SOURCES.map((file) => join(DIRECTORY, file))]);
});

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

afterAll(() => rmSync(directory, { recursive: true }));

describe('The load generator', () => {
  it('counts every connection that was served, and comes from 64 addresses', async () => {
    const sources = new Map<string | undefined, number>();
    const port = await portOf((socket) => {
      sources.set(socket.remoteAddress, (sources.get(socket.remoteAddress) ?? 0) + 1);
      socket.end('ok\n');
    });
    const report = await load(port, ['-w', '100']);
    const accepted = [...sources.values()].reduce((sum, count) => sum + count, 0);
    expect(report.errors).toEqual(NO_ERRORS);
    expect(report.total).toBe(accepted);
    expect(report.total - report.connections).toBeGreaterThanOrEqual(100);
    expect(report.connections).toBeGreaterThan(0);
    expect(report.perSecond).toBeCloseTo(report.connections / report.seconds, 0);
    expect(report.p50Us).toBeGreaterThan(0);
    expect(report.p99Us).toBeGreaterThanOrEqual(report.p50Us);
    expect(report.maxUs).toBeGreaterThanOrEqual(report.p99Us);
    expect(report.firstByte.p50Us).toBeGreaterThan(0);
    expect(report.firstByte.p50Us).toBeLessThanOrEqual(report.p50Us);
    expect(sources.size).toBe(64);
    expect([...sources.keys()].every((source) => source?.startsWith('127.77.0.'))).toBe(true);
  });

  it('counts a connection that ends without the banner as an error, not as served', async () => {
    const report = await load(await portOf((socket) => socket.end()));
    expect(report.total).toBe(0);
    expect(report.errors['noData']).toBeGreaterThan(0);
    expect({ ...report.errors, noData: 0 }).toEqual(NO_ERRORS);
  });

  it.each(['no\n', 'okay\n', 'ok', 'ok\nmore'])('counts the answer %j as wrong', async (answer) => {
    const report = await load(await portOf((socket) => socket.end(answer)));
    expect(report.total).toBe(0);
    expect(report.errors['wrongData']).toBeGreaterThan(0);
  });

  it('counts a long answer as served when it has its length and begins with the banner', async () => {
    const most = 1_000_000;
    const answer = (length: number) => Buffer.concat([Buffer.from('ok\n'), Buffer.alloc(length - 3, '.')]);
    const served = await load(await portOf((socket) => socket.end(answer(most))), ['-b', String(most)]);
    expect(served.errors).toEqual(NO_ERRORS);
    expect(served.total).toBeGreaterThan(0);
    for (const wrong of [answer(most - 1), answer(most + 1), Buffer.alloc(most, '.')]) {
      const report = await load(await portOf((socket) => socket.end(wrong)), ['-b', String(most)]);
      expect(report.total).toBe(0);
      expect(report.errors['wrongData']).toBeGreaterThan(0);
    }
  });

  it('tells a reset from an end', async () => {
    const report = await load(await portOf((socket) => socket.resetAndDestroy()));
    expect(report.total).toBe(0);
    expect(report.errors['reset']).toBeGreaterThan(0);
  });

  it('gives up a connection that is not ended in time, and only that one', async () => {
    let accepted = 0;
    const sockets: Socket[] = [];
    const port = await portOf((socket) => {
      sockets.push(socket);
      if (accepted++ === 0) socket.write('ok\n');
      else socket.end('ok\n');
    });
    const report = await load(port, ['-t', '500']);
    for (const socket of sockets) socket.destroy();
    expect(report.errors).toEqual({ ...NO_ERRORS, timeout: 1 });
    expect(report.total).toBe(accepted - 1);
  });

  it('counts refusals, and does not hammer a port where nobody listens', async () => {
    const port = await portOf(() => undefined);
    const [server] = servers.splice(0);
    server?.close();
    const report = await load(port);
    expect(report.errors['refused']).toBeGreaterThan(0);
    expect(report.errors['refused']).toBeLessThan(200);
  });

  it('connects to loopback only', async () => {
    await expect(run(program, ['-p', '80', '-a', '192.0.2.1'])).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('"192.0.2.1"'),
    });
  });
});

describe('A load generator that expects refusals', () => {
  const NO_MISTAKES = { served: 0, refused: 0, timeout: 0, noData: 0, reset: 0, wrongData: 0, other: 0 };

  it.each([
    ['ends', (socket: Socket) => void socket.end()],
    ['resets', (socket: Socket) => void socket.resetAndDestroy()],
  ])(
    'takes an accepted connection that the server %s without a byte for the good outcome',
    async (_, end) => {
      let accepted = 0;
      const port = await portOf((socket) => {
        accepted++;
        end(socket);
      });
      const report = await load(port, ['-x']);
      expect(report.errors).toEqual(NO_MISTAKES);
      expect(report.total).toBe(accepted);
      expect(report.perSecond).toBeGreaterThan(0);
      expect(report.p50Us).toBeGreaterThan(0);
    },
  );

  it('counts service as an error', async () => {
    const report = await load(await portOf((socket) => socket.end('ok\n')), ['-x']);
    expect(report.total).toBe(0);
    expect(report.errors['served']).toBeGreaterThan(0);
    expect({ ...report.errors, served: 0 }).toEqual(NO_MISTAKES);
  });

  it('does not take a port where nobody listens for a refusal by the server', async () => {
    const port = await portOf(() => undefined);
    for (const server of servers.splice(0)) server.close();
    const report = await load(port, ['-x']);
    expect(report.total).toBe(0);
    expect(report.errors['refused']).toBeGreaterThan(0);
  });
});

describe('A load generator that speaks first', () => {
  it.each([1, 32, 1_000_000])(
    'counts a connection as served when all of %i bytes came back',
    async (bytes) => {
      const report = await load(await portOf((socket) => void socket.pipe(socket)), ['-e', String(bytes)]);
      expect(report.errors).toEqual(NO_ERRORS);
      expect(report.total).toBeGreaterThan(0);
    },
  );

  it.each([
    ['another byte', (data: Buffer) => Buffer.from(data.map((byte) => byte ^ 1))],
    ['more than was said', (data: Buffer) => Buffer.concat([data, data])],
    ['less than was said', (data: Buffer) => data.subarray(1)],
  ])('counts %s as wrong', async (_, answer) => {
    const port = await portOf((socket) => socket.on('data', (data: Buffer) => socket.end(answer(data))));
    const report = await load(port, ['-e', '32']);
    expect(report.total).toBe(0);
    expect(report.errors['wrongData']).toBeGreaterThan(0);
  });

  it('tells silence from an answer', async () => {
    const port = await portOf((socket) => socket.on('data', () => socket.end()));
    const report = await load(port, ['-e', '32']);
    expect(report.total).toBe(0);
    expect(report.errors['noData']).toBeGreaterThan(0);
  });
});

describe('A load generator of datagrams', () => {
  async function datagramPort(answer: (data: Buffer, count: number) => Buffer | undefined): Promise<number> {
    const socket = createSocket('udp4');
    let count = 0;
    socket.on('message', (data, { port, address }) => {
      const back = answer(data, count++);
      if (back) socket.send(back, port, address);
    });
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    onTestFinished(() => void socket.close());
    return socket.address().port;
  }

  it('counts those that came back as they were', async () => {
    let asked = 0;
    const port = await datagramPort((data) => {
      asked++;
      return data;
    });
    const report = await load(port, ['-u', '-e', '32']);
    expect(report.errors).toEqual(NO_ERRORS);
    expect(report.total).toBe(asked);
  });

  it('counts one that is lost as such, and goes on with others', async () => {
    const port = await datagramPort((data, count) => (count % 10 === 0 ? undefined : data));
    const report = await load(port, ['-u', '-e', '32', '-t', '50']);
    expect(report.errors['timeout']).toBeGreaterThan(0);
    expect({ ...report.errors, timeout: 0 }).toEqual(NO_ERRORS);
    expect(report.total).toBeGreaterThan(report.errors['timeout'] ?? 0);
  });

  it('does not take the answer to another for its own', async () => {
    let last: Buffer | undefined;
    const port = await datagramPort((data) => {
      const back = last ?? Buffer.alloc(data.length);
      last = data;
      return back;
    });
    const report = await load(port, ['-u', '-e', '32']);
    expect(report.total).toBe(0);
    expect(report.errors['wrongData']).toBeGreaterThan(0);
  });
});

describe('A load generator with a rate', () => {
  it('makes as many connections as the schedule has, however fast the server is', async () => {
    const report = await load(await portOf((socket) => socket.end('ok\n')), ['-r', '100', '-d', '0.5']);
    expect(report).toMatchObject({ scheduled: 50, unsent: 0, total: 50, errors: NO_ERRORS });
  });

  it('counts latency from the schedule, so that a stall of the server shows in all that it held up', async () => {
    let stalled = false;
    const port = await portOf((socket) => {
      socket.end('ok\n');
      if (stalled) return;
      stalled = true;
      const until = performance.now() + 300;
      while (performance.now() < until);
    });
    const report = await load(port, ['-c', '1', '-r', '100', '-d', '1']);
    expect(report).toMatchObject({ scheduled: 100, unsent: 0, errors: NO_ERRORS });
    // Of 100 connections, 30 were due in the stall: with one at a time, all but the first began after it.
    expect(report.p99Us).toBeGreaterThan(200_000);
    expect(report.firstByte.p99Us).toBeGreaterThan(200_000);
    expect(report.p50Us).toBeLessThan(200_000);
  });

  it('counts the latency of connections that end after the clock has stopped', async () => {
    const port = await portOf((socket) => void setTimeout(() => socket.end('ok\n'), 500));
    const report = await load(port, ['-r', '10', '-d', '0.3']);
    expect(report).toMatchObject({ scheduled: 3, connections: 3, total: 3, errors: NO_ERRORS });
    expect(report.p50Us).toBeGreaterThan(450_000);
  });

  it('tells how many of the schedule were never sent, for want of a place', async () => {
    const sockets: Socket[] = [];
    const port = await portOf((socket) => sockets.push(socket));
    const report = await load(port, ['-c', '2', '-r', '100', '-d', '0.3', '-t', '1000']);
    for (const socket of sockets) socket.destroy();
    expect(report).toMatchObject({ scheduled: 30, unsent: 28, total: 0 });
    expect(report.errors['timeout']).toBe(2);
  });
});

describe('The sources of the load generator', () => {
  async function sourcesOf(flags: readonly string[]): Promise<readonly (string | undefined)[]> {
    const seen: (string | undefined)[] = [];
    const port = await portOf((socket) => {
      seen.push(socket.remoteAddress);
      socket.end('ok\n');
    });
    await load(port, ['-c', '1', '-r', '200', ...flags]);
    return seen;
  }

  it('are one address, if one is wanted', async () => {
    expect(new Set(await sourcesOf(['-s', '127.80.0.9', '-n', '1']))).toEqual(new Set(['127.80.0.9']));
  });

  it('follow each other over the end of an octet', async () => {
    const seen = await sourcesOf(['-s', '127.80.0.254', '-n', '65536']);
    expect(seen.slice(0, 4)).toEqual(['127.80.0.254', '127.80.0.255', '127.80.1.0', '127.80.1.1']);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('come by chance from all of a range with -R', async () => {
    const seen = await sourcesOf(['-s', '127.80.0.0', '-n', '65536', '-R']);
    const octets = new Set(seen.map((address) => address?.split('.')[2]));
    expect(octets.size).toBeGreaterThan(10);
    expect(seen.every((address) => address?.startsWith('127.80.'))).toBe(true);
  });

  it('stay within loopback', async () => {
    const beyond = run(program, ['-p', '80', '-s', '127.255.255.0', '-n', '256']);
    await expect(beyond).rejects.toMatchObject({ code: 2 });
    await expect(run(program, ['-p', '80', '-s', '192.0.2.1'])).rejects.toMatchObject({ code: 2 });
  });
});
