import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);

const SOURCE = fileURLToPath(new URL('../../bench/loadgen.c', import.meta.url));

interface Report {
  readonly connections: number;
  readonly total: number;
  readonly seconds: number;
  readonly perSecond: number;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly maxUs: number;
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
  await run('cc', [...flags, '-o', program, SOURCE]);
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
