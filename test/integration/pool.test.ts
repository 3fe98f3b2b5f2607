import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runClient } from '../cli/run-client.ts';
import { ask } from '../harness/client.ts';
import { connectToPath } from '../harness/connect-to-path.ts';
import { crowd } from '../harness/crowd.ts';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import type { LogRecord } from '../harness/log-records.ts';
import { statusOf } from '../harness/processes.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd } from '../harness/start-zinetd.ts';
import { connectTls } from '../harness/tls-client.ts';
import { until } from '../harness/until.ts';
import { enter, exitOf, greetingOf, pooled, staffed, startPool } from './pooled.ts';
import { Secured } from './secured.ts';

describe('a pool of handlers', () => {
  test('serves one connection after the other, each with its START and EXIT (promise 7)', async () => {
    const zinetd = await startPool({ it: pooled({ workers: 1 }) }, { workers: 1 });
    const first = await enter(zinetd);
    expect(await zinetd.event('started')).toMatchObject({ service: 'it', pid: first.pid });
    first.client.send('done 3\n');
    const exit = await exitOf(zinetd, first);
    expect(exit).toMatchObject({ pid: first.pid, status: 3 });
    expect(exit.duration_ms).toBeGreaterThan(0);
    expect(await first.client.ended()).toBe('end');
    const second = await enter(zinetd);
    expect(second.pid).toBe(first.pid);
    second.client.halfClose();
    expect(await exitOf(zinetd, second)).toMatchObject({ pid: first.pid, status: 0 });
  });

  test('is told of each connection what "peer_env" says, and its number', async () => {
    const services = { it: pooled({}, { peer_env: ['cgi'] }), bare: pooled({}, { peer_env: [] }) };
    const zinetd = await startPool(services, { workers: 4 });
    const { told, client } = await enter(zinetd);
    expect(told).toEqual({
      ...{ REMOTE_ADDR: '127.0.0.1', REMOTE_PORT: String(client.localPort) },
      ZINETD_CONNECTION_ID: expect.stringMatching(/^[0-9]+$/),
    });
    client.halfClose();
    const bare = await enter(zinetd, { service: 'bare' });
    expect(Object.keys(bare.told)).toEqual(['ZINETD_CONNECTION_ID']);
    bare.client.halfClose();
  });

  test('is started as its service says, with its channel as sd_listen_fds(3) has it, and says to the log what it says', async () => {
    const zinetd = await startPool({ it: pooled({ workers: 1 }) }, { workers: 1 });
    const { client, pid } = await enter(zinetd);
    expect(await zinetd.event('stderr')).toMatchObject({
      pid,
      text: `pid ${pid} of ${pid}, fds 1 name pool`,
    });
    expect(statusOf(pid, 'NoNewPrivs')).toBe('1');
    expect(statusOf(pid, 'CapBnd')).toBe('0000000000000000');
    client.halfClose();
  });

  test('gives each connection to the worker that has the fewest', async () => {
    const zinetd = await startPool(
      { it: pooled({ workers: 2, max_connections_per_worker: 4 }) },
      { workers: 2 },
    );
    const visits = [];
    for (let count = 0; count < 6; count++) visits.push(await enter(zinetd));
    const pids = visits.map(({ pid }) => pid);
    expect(new Set(pids).size).toBe(2);
    for (const at of [0, 2, 4]) expect(pids[at]).not.toBe(pids[at + 1]);
    for (const { client } of visits) client.halfClose();
  });

  test('serves many at once, each of them once, and without a handler for each (B2)', async () => {
    const zinetd = await startPool(
      { it: pooled({ workers: 2, max_connections_per_worker: 8 }) },
      { workers: 2 },
    );
    const visits = await crowd(zinetd.port('it'), { count: 2000, inFlight: 32, send: 'echo served\n' });
    const answers = visits.map(({ received, code }) => code ?? received.slice(received.indexOf('\n\n') + 2));
    expect(answers).toEqual(Array(2000).fill('served\n'));
    const numbers = visits.map(({ received }) => greetingOf(received).told['ZINETD_CONNECTION_ID']);
    expect(new Set(numbers).size).toBe(2000);
    await until(() => zinetd.log.count('exited') === 2000, { what: 'each has its end' });
    expect(zinetd.log.count('started')).toBe(2000);
    expect(zinetd.log.count('worker-started')).toBe(2);
  });

  test('leaves those for whom there is no place in the kernel, and status says why', async () => {
    const control = join(scratch('control'), 'control');
    const zinetd = await startPool(
      { it: pooled({ workers: 1 }) },
      { workers: 1, args: ['--control', control] },
    );
    const first = await enter(zinetd);
    const waiting = enter(zinetd);
    const { stdout } = await runClient(['status', 'it'], { control });
    expect(stdout).toContain('its workers have as many as they may have');
    expect(zinetd.log.count('started')).toBe(1);
    first.client.halfClose();
    (await waiting).client.halfClose();
    await zinetd.stop(); // ahead of the bars: the control socket has been used
  });

  test('has the limits of its service for each connection: instances, per_source, access lists (promise 3)', async () => {
    const limits = { instances: 2, per_source: 1, no_access: ['127.0.0.9'] };
    const zinetd = await startPool(
      { it: pooled({ workers: 2, max_connections_per_worker: 8 }, limits) },
      { workers: 2 },
    );
    const first = await enter(zinetd);
    await ask(zinetd.port('it'));
    expect(await zinetd.event('refused')).toMatchObject({ reason: 'per_source_limit' });
    await ask(zinetd.port('it'), '', { from: '127.0.0.9' });
    expect(await zinetd.event('refused')).toMatchObject({ reason: 'address' });
    const second = await enter(zinetd, { from: '127.0.0.2' });
    await ask(zinetd.port('it'), '', { from: '127.0.0.3' });
    expect(await zinetd.event('refused')).toMatchObject({ reason: 'service_limit' });
    first.client.halfClose();
    await exitOf(zinetd, first);
    (await enter(zinetd)).client.halfClose();
    second.client.halfClose();
  });

  test('takes a report without a number for the oldest of its connections', async () => {
    const it = pooled({ workers: 1, max_connections_per_worker: 4 }, { server_args: ['first'] });
    const zinetd = await startPool({ it }, { workers: 1 });
    const [first, second] = [await enter(zinetd), await enter(zinetd)];
    second.client.send('done 7\n');
    expect(await exitOf(zinetd, first)).toMatchObject({ status: 7 });
    first.client.halfClose();
    expect(await exitOf(zinetd, second)).toMatchObject({ status: 0 });
  });

  test('serves clients of unix sockets, and those that a program was asked about', async () => {
    const path = join(scratch('pooled'), 'socket');
    const decide = { decide: { program: ['/bin/sh', '-c', 'read -r line; echo \'{"allow": true}\''] } };
    const services = { it: pooled({ workers: 1 }, { listen: `unix://${path}` }), asked: pooled({}, decide) };
    const zinetd = await startPool(services, { workers: 3 });
    const client = await connectToPath(path);
    const { told } = greetingOf(await client.readUntil('\n\n'));
    expect(told).toMatchObject({ PROTO: 'UNIX', UNIXREMOTEPID: String(process.pid) });
    client.halfClose();
    (await enter(zinetd, { service: 'asked' })).client.halfClose();
  });

  test('is given what zinetd has decrypted, and told how', async () => {
    const secured = new Secured();
    const zinetd = await startPool({ it: secured.service({}, pooled({})) }, { workers: 2 });
    const socket = await connectTls(zinetd.port('it'), { ca: secured.ca });
    let text = '';
    socket.setEncoding('latin1').on('data', (piece: string) => {
      text += piece;
    });
    await until(() => text.includes('\n\n'), { what: 'the worker has said what it knows' });
    expect(greetingOf(text).told).toMatchObject({
      SSL_PROTOCOL: 'TLSv1.3',
      SSL_TLS_SNI_SERVERNAME: 'localhost',
    });
    socket.end();
    expect(await zinetd.event('exited')).toMatchObject({ status: 0 });
    await zinetd.stop(); // Node's loop keeps a descriptor of its own for the first of all streams
  });

  test('is seen by an operator as its connections, who can end one of them', async () => {
    const control = join(scratch('control'), 'control');
    const zinetd = await startPool(
      { it: pooled({ workers: 2, max_connections_per_worker: 2 }) },
      { workers: 2, args: ['--control', control] },
    );
    const visit = await enter(zinetd);
    const { stdout } = await runClient(['connections', '--json'], { control });
    const { connections } = JSON.parse(stdout) as { connections: readonly object[] };
    const id = Number(visit.told['ZINETD_CONNECTION_ID']);
    expect(connections).toEqual([
      expect.objectContaining({ id, service: 'it', pid: visit.pid, state: 'running' }),
    ]);
    expect((await runClient(['kill', String(id)], { control })).code).toBe(0);
    expect(await exitOf(zinetd, visit)).toMatchObject({ end: 'killed', pid: visit.pid });
    await zinetd.stop();
  });

  test('is drained as others are: nobody comes in, and those who are in finish', async () => {
    const control = join(scratch('control'), 'control');
    const zinetd = await startPool({ it: pooled({}) }, { workers: 2, args: ['--control', control] });
    const visit = await enter(zinetd);
    const drained = runClient(['drain', 'it'], { control });
    await zinetd.event('disabled');
    visit.client.halfClose();
    expect(await drained).toMatchObject({ code: 0 });
    await zinetd.stop();
  });
});

describeWith('a pool whose program', { needs: ['root'] }, () => {
  test('is not there tells each client so, and is tried again without haste (S66)', async () => {
    const server = join(scratch('pooled'), 'worker');
    copyFileSync(handler('pooled'), server);
    const zinetd = await startZinetd({ config: { services: { it: pooled({ workers: 1 }, { server }) } } });
    const [pid = 0] = await staffed(zinetd, 1);
    rmSync(server);
    process.kill(pid, 'SIGKILL');
    expect(await zinetd.event('worker-failed')).toMatchObject({ step: 'exec', error: 'ENOENT' });
    await zinetd.event((record) => record.event === 'worker-failed' && record['retry_ms'] !== undefined);
    await ask(zinetd.port('it'));
    expect(await zinetd.event('failed')).toMatchObject({ reason: 'exec_failed', error: 'ENOENT' });
    expect(zinetd.log.count('worker-failed')).toBeLessThan(16);
    copyFileSync(handler('pooled'), server);
    (await enter(zinetd)).client.halfClose();
    await zinetd.event('exited');
    await zinetd.stop();
  });

  test('ends at once is started once a second for each worker, after the first few times (S66)', async () => {
    const zinetd = await startZinetd({
      config: { services: { it: pooled({ workers: 2 }, { server: '/bin/false' }) } },
    });
    for (let count = 0; count < 11; count++) await zinetd.event('worker-exited');
    const startedMs = performance.now();
    expect(await ask(zinetd.port('it'))).toBe('');
    const isOver = ({ event, error, status }: LogRecord) =>
      (event === 'failed' && error === 'ended') || (event === 'exited' && status === 1);
    await zinetd.event(isOver);
    for (let count = 0; count < 2; count++) await zinetd.event('worker-exited');
    const seconds = (performance.now() - startedMs) / 1000;
    expect(zinetd.log.count('worker-exited')).toBeLessThan(16 + 2 * Math.ceil(seconds));
    await zinetd.stop();
  });
});
