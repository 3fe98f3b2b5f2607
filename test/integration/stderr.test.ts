import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ask, connect } from '../harness/client.ts';
import { describeWith } from '../harness/describe-with.ts';
import { isRoot } from '../harness/identity.ts';
import type { LogRecord } from '../harness/log-records.ts';
import { probeBy } from '../harness/probe-everywhere.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { attachStrace } from '../harness/strace.ts';
import { until } from '../harness/until.ts';
import { openDescriptors } from './open-descriptors.ts';
import { Upgraded } from './upgraded.ts';

const user = isRoot ? { user: 'nobody' } : {};
const listen = 'tcp://127.0.0.1:0';
const LINE = 1024;
const MEGABYTES = 3;
/** What one service may have in the log while that much is read, and more than it ever is. */
const MOST_LINES = 2000;

function shell(script: string): object {
  return { ...user, listen, mode: 'extended', server: '/bin/sh', server_args: ['-c', script] };
}

function serve(it: object): Promise<Zinetd> {
  return startZinetd({ config: { services: { it } } });
}

function saying(text: string): (record: LogRecord) => boolean {
  return (record) => record.event === 'stderr' && record['text'] === text;
}

function pipesOf(pid: number | undefined): number {
  return openDescriptors(pid ?? 0).filter(({ target }) => target.startsWith('pipe:')).length;
}

function residentKb(pid: number | undefined): number {
  return Number(/^VmRSS:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

describe('the standard error of a handler in mode extended', () => {
  test('goes to the log with service, connection and pid, and never to the client (S19, S143)', async () => {
    const zinetd = await serve(
      shell('echo out; echo "an error" >&2; echo "$ZINETD_CONNECTION_ID"; printf unended >&2'),
    );
    const [out, connection] = (await ask(zinetd.port('it'))).split('\n');
    expect(out).toBe('out');
    const { pid } = await zinetd.event('started');
    const told = { service: 'it', level: 'info', pid, connection: Number(connection) };
    expect(await zinetd.event('stderr')).toMatchObject({ ...told, text: 'an error' });
    expect(await zinetd.event('stderr')).toMatchObject({ ...told, text: 'unended' });
    const events = zinetd.log.all.map(({ event }) => event);
    expect(events.lastIndexOf('stderr')).toBeLessThan(events.indexOf('exited'));
  });

  test('is a pipe beside the socket on 0 and 1, and nothing else is open (S11, S13)', async () => {
    const { report } = await probeBy('stream', { ...user, mode: 'extended' });
    const targets = report.fds.map(({ fd, target }) => [fd, target.replace(/\d+/, 'N')]);
    expect(targets).toEqual([
      [0, 'socket:[N]'],
      [1, 'socket:[N]'],
      [2, 'pipe:[N]'],
    ]);
  });

  test.each([
    ['socket', 'extended', 'out\nerr\n'],
    ['none', 'extended', 'out\n'],
    ['none', 'inetd', 'out\n'],
    ['log', 'inetd', 'out\n'],
    [undefined, 'inetd', 'out\nerr\n'],
  ])('goes where "stderr: %s" says in mode %s (S19)', async (stderr, mode, received) => {
    const it = { ...shell('echo out; echo err >&2'), mode, ...(stderr !== undefined && { stderr }) };
    const zinetd = await serve(it);
    expect(await ask(zinetd.port('it'))).toBe(received);
    await zinetd.event('exited');
    const told = zinetd.log.all.filter(({ event }) => event === 'stderr').map((it) => it['text']);
    expect(told).toEqual(stderr === 'log' ? ['err'] : []);
  });

  test('goes to the log from a handler that waits as well', async () => {
    const script =
      "import os, sys; os.write(2, b'waits'); s = __import__('socket').socket(fileno=3); s.accept()";
    const it = { ...shell(''), wait: true, server: '/usr/bin/python3', server_args: ['-c', script] };
    const zinetd = await serve(it);
    await connect(zinetd.port('it'));
    expect(await zinetd.event('stderr')).toMatchObject({ service: 'it', text: 'waits' });
  });

  test('goes to the file where the other records of its service are', async () => {
    const file = join(scratch('log'), 'it.log');
    const zinetd = await serve({ ...shell('echo "an error" >&2'), log_type: { file } });
    expect(await ask(zinetd.port('it'))).toBe('');
    const isTold = () => existsSync(file) && readFileSync(file, 'utf8').includes('"exited"');
    await until(isTold, { what: 'its end is told' });
    expect(readFileSync(file, 'utf8')).toContain('"text":"an error"');
    expect(zinetd.log.count('stderr')).toBe(0);
  });

  test('is told a line at a time, escaped, and cut where a line is long (S116)', async () => {
    const long = 'x'.repeat(LINE + 10);
    const script = `printf 'a\\033[2J\\r\\n\\n\\000b"\\\\ FAIL: it address from=192.0.2.1\\n${long}\\n\\303\\274 \\377\\n' >&2`;
    const zinetd = await serve(shell(script));
    await ask(zinetd.port('it'));
    await zinetd.event('exited');
    const told = zinetd.log.all.filter(({ event }) => event === 'stderr');
    expect(told.map(({ text, cut }) => [text, cut])).toEqual([
      ['a\x1b[2J\r', undefined],
      ['\0b"\\ FAIL: it address from=192.0.2.1', undefined],
      ['x'.repeat(LINE), true],
      ['ü \ufffd', undefined],
    ]);
    expect(zinetd.log.strays).toEqual([]);
  });

  test('never makes a handler hang, nor zinetd grow, however much it is; what is too much is counted', async () => {
    const line = 'y'.repeat(99);
    const lines = (MEGABYTES * 1_000_000) / 100;
    const zinetd = await serve(shell(`yes ${line} | head -n ${lines} >&2; echo done`));
    const before = residentKb(zinetd.dispatcherPid);
    expect(await ask(zinetd.port('it'))).toBe('done\n');
    await zinetd.event('exited');
    expect(residentKb(zinetd.dispatcherPid) - before).toBeLessThan(64_000);
    await zinetd.stop();
    const told = zinetd.log.all.filter(({ event }) => event === 'stderr');
    const dropped = zinetd.log.all.filter(({ event }) => event === 'stderr-dropped');
    expect(told.length).toBeLessThan(MOST_LINES);
    expect(dropped.length).toBeGreaterThan(0);
    expect(dropped[0]).toMatchObject({ level: 'warning', service: 'it' });
    expect(dropped.reduce((sum, { count }) => sum + Number(count), told.length)).toBe(lines);
  });

  test('is listened to after the handler is gone, and let go of when nobody speaks any more', async () => {
    const zinetd = await serve(shell('exec 3<&0; (read word <&3; echo "$word" >&2) & exit 0'));
    const before = [pipesOf(zinetd.pid), pipesOf(zinetd.dispatcherPid)];
    const client = await connect(zinetd.port('it'));
    await zinetd.event('exited');
    client.send('later\n');
    expect(await zinetd.event('stderr')).toMatchObject({ text: 'later' });
    client.halfClose();
    const pipes = (): readonly number[] => [pipesOf(zinetd.pid), pipesOf(zinetd.dispatcherPid)];
    await until(() => String(pipes()) === String(before), { what: 'its pipes to be closed' });
  });

  test('breaks no pipe when a dispatcher dies: the next one reads on', async () => {
    const script = 'while read -r word; do echo "$word" >&2; echo "had $word"; done';
    const zinetd = await startZinetd({ config: { services: { it: shell(script) } }, lossy: true });
    const client = await connect(zinetd.port('it'));
    client.send('one\n');
    await client.readUntil('had one\n');
    await zinetd.event(saying('one'));
    const dead = zinetd.dispatcherPid ?? 0;
    process.kill(dead, 'SIGKILL');
    client.send('two\n');
    await client.readUntil('had two\n');
    await zinetd.event('dispatcher-restarted');
    expect(await zinetd.event(saying('two'))).toMatchObject({ service: 'it', pid: expect.any(Number) });
    client.send('three\n');
    await client.readUntil('had three\n');
    await zinetd.event(saying('three'));
    client.halfClose();
    await zinetd.event('exited');
  });

  test('outlasts an upgrade', async () => {
    const upgraded = new Upgraded();
    const script = 'while read -r word; do echo "$word" >&2; echo "had $word"; done';
    const zinetd = await upgraded.start({ it: shell(script) });
    const client = await connect(zinetd.port('it'));
    client.send('one\n');
    await zinetd.event(saying('one'));
    upgraded.newVersion();
    await upgraded.upgrade();
    await zinetd.event('upgraded');
    client.send('two\n');
    await client.readUntil('had two\n');
    await zinetd.event(saying('two'));
    client.halfClose();
    await zinetd.event('exited');
  });

  test('of a service that a reload took out is read on by the next dispatcher, so that its handler does not hang', async () => {
    const upgraded = new Upgraded();
    const script = `read -r word; yes ${'z'.repeat(99)} | head -n 3000 >&2; echo done`;
    const [it, other] = [shell(script), shell('')];
    const zinetd = await upgraded.start({ it, other }, { lossy: true });
    const client = await connect(zinetd.port('it'));
    await zinetd.event('started');
    upgraded.write({ version: 1, services: { other } });
    zinetd.signal('SIGHUP');
    await zinetd.event('reloaded');
    process.kill(zinetd.dispatcherPid ?? 0, 'SIGKILL');
    await zinetd.event('dispatcher-restarted');
    client.send('go\n');
    await client.readUntil('done\n');
    await zinetd.event('exited');
    upgraded.write({ version: 1, services: { it, other } });
    zinetd.signal('SIGHUP');
    await zinetd.event('reloaded');
  });
});

describeWith(
  'the standard error of a handler, of which epoll_ctl(2) fails',
  { needs: ['root', { program: 'strace' }] },
  () => {
    // Were it read by nobody, a handler that says much would wait for ever.
    test('is read from the start where the kernel has no memory to watch it (F1)', async () => {
      const zinetd = await serve(shell('while read -r word; do echo "$word" >&2; done'));
      const strace = await attachStrace(zinetd.pid, [
        '-e',
        'trace=epoll_ctl',
        '-e',
        'inject=epoll_ctl:error=ENOMEM',
      ]);
      const client = await connect(zinetd.port('it'));
      client.send('one\n');
      await zinetd.event(saying('one'));
      const lines = await strace.detach();
      expect(lines.filter((line) => line.includes('ENOMEM'))).not.toEqual([]);
      client.send('two\n');
      await zinetd.event(saying('two'));
      client.halfClose();
      await zinetd.event('exited');
    });
  },
);
