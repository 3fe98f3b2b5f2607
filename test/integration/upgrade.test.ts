import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ask, connect } from '../harness/client.ts';
import { contained } from '../harness/contained.ts';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import type { LogRecord } from '../harness/log-records.ts';
import { childrenOf, commandLineOf, statusOf } from '../harness/processes.ts';
import { scratch } from '../harness/scratch.ts';
import { until } from '../harness/until.ts';
import { startDecider } from '../resolver/start-decider.ts';
import { Upgraded } from './upgraded.ts';

const ACTIVATE = resolve('test/fixtures/clients/activate.py');
const listen = 'tcp://127.0.0.1:0';
const user = isRoot ? { user: 'nobody' } : {};
/**
 * What a stop would end, an upgrade does not. Ends of handlers are noticed late on a busy machine, and there is but one
 * source; of which there is a warning.
 */
const echo = {
  ...{ listen, server: handler('echo'), on_stop: 'terminate', per_source: 'UNLIMITED' },
  ...user,
};
const CLIENTS = 4;
const EACH = 40;
const SPAWNER = 'build/Release/zinetd-spawner';

/** What a new version may have wrong. */
const BROKEN: readonly {
  readonly path: string;
  readonly content: string;
  readonly step: 'prepare' | 'try';
  readonly reason: RegExp;
}[] = [
  { path: 'dist/main.js', content: 'this is no program', step: 'prepare', reason: /Error/ },
  {
    path: 'dist/parts/dispatcher-main.js',
    content: "import { nothing } from './shared-errno.js';",
    step: 'prepare',
    reason: /does not provide an export/,
  },
  { path: SPAWNER, content: 'garbage', step: 'try', reason: /format/ },
  { path: SPAWNER, content: '#!/bin/true\n', step: 'try', reason: /ENOEXEC/ },
  {
    path: SPAWNER,
    content: '#!/bin/sh\necho "zinetd: Cannot do it" >&2; exit 4\n',
    step: 'try',
    reason: /Cannot do it/,
  },
];

function listenersOf(pid: number): ReadonlySet<string> {
  const links = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
  return new Set(links.filter((link) => link.startsWith('socket:')));
}

/** One client after another, as many as that. */
async function visit(port: number): Promise<readonly string[]> {
  const answers: string[] = [];
  for (let index = 0; index < EACH; index++) answers.push(await ask(port, `${index}`));
  return answers;
}

describe('zinetd upgrade', () => {
  test('replaces all but pid, sockets and handlers, and refuses nobody (must show 4, S124, F27)', async () => {
    const upgraded = new Upgraded();
    const zinetd = await upgraded.start({ echo });
    const port = zinetd.port('echo');
    const held = await connect(port);
    await zinetd.event('started');
    const [handlerPid] = childrenOf(zinetd.pid).filter((pid) => pid !== zinetd.dispatcherPid);
    const dispatcher = zinetd.dispatcherPid;
    const before = [...listenersOf(zinetd.pid)];
    upgraded.newVersion();
    const visits = Array.from({ length: CLIENTS }, () => visit(port));
    expect((await upgraded.upgrade()).result).toEqual({ from: expect.stringMatching(/^\d/) });
    expect(await zinetd.event('upgraded')).toMatchObject({ version: '9.9.9' });
    const wanted = Array.from({ length: EACH }, (_, index) => `${index}`);
    for (const answers of await Promise.all(visits)) expect(answers).toEqual(wanted);
    expect(zinetd.dispatcherPid).not.toBe(dispatcher);
    expect(childrenOf(zinetd.pid)).toContain(handlerPid);
    expect(before.filter((link) => listenersOf(zinetd.pid).has(link)).length).toBeGreaterThanOrEqual(2);
    held.send('still here');
    expect(await held.readUntil('still here')).toBe('still here');
    held.halfClose();
    const isHandler = ({ event, pid }: LogRecord): boolean => event === 'exited' && pid === handlerPid;
    expect(await zinetd.event(isHandler)).toMatchObject({ status: 0 });
    await zinetd.settled();
  }, 60_000);

  test('leaves the old one running when the new one is broken or the configuration is, says why, and can be had again', async () => {
    const upgraded = new Upgraded();
    const zinetd = await upgraded.start({ echo });
    const dispatcher = zinetd.dispatcherPid;
    for (const { path, content, step, reason } of BROKEN) {
      upgraded.replace(path, content);
      const { error } = await upgraded.upgrade();
      expect(error?.message).toMatch(reason);
      const told = { step, reason: expect.stringMatching(reason) };
      expect(await zinetd.event('upgrade-failed')).toMatchObject(told);
      upgraded.restore(path);
    }
    upgraded.write({ version: 1, services: { echo: { ...echo, instances: -1 } } });
    expect((await upgraded.upgrade()).error?.message).toContain('error[config/');
    expect(await ask(zinetd.port('echo'), 'x')).toBe('x');
    expect(zinetd.dispatcherPid).toBe(dispatcher);
    await zinetd.checkBars();
    upgraded.write({ version: 1, services: { echo, more: echo } });
    expect((await upgraded.upgrade()).error).toBeUndefined();
    await zinetd.event('upgraded');
    expect(await ask(zinetd.port('echo'), 'x')).toBe('x');
    await zinetd.settled();
  }, 60_000);

  test('keeps the sockets that zinetd was started with, and the pid file (S113, S124)', async () => {
    const upgraded = new Upgraded();
    const pidFile = join(scratch('pid'), 'pid');
    const services = { web: { ...echo, listen: 'fd://web' }, spare: { ...echo, listen: 'fd://4' } };
    const zinetd = await upgraded.start(services, {
      prefix: ['/usr/bin/python3', ACTIVATE, 'web=tcp:127.0.0.1:0', 'spare=tcp:127.0.0.1:0', '--'],
      args: ['--pid-file', pidFile],
    });
    const before = [...listenersOf(zinetd.pid)];
    const { ino } = statSync(pidFile);
    expect((await upgraded.upgrade()).error).toBeUndefined();
    await zinetd.event('upgraded');
    expect(await ask(zinetd.port('web'), 'web')).toBe('web');
    expect(await ask(zinetd.port('spare'), 'spare')).toBe('spare');
    expect(readFileSync(pidFile, 'utf8')).toBe(`${zinetd.pid}\n`);
    expect(statSync(pidFile).ino).toBe(ino);
    expect(spawnSync('flock', ['--nonblock', '--conflict-exit-code', '9', pidFile, 'true']).status).toBe(9);
    expect(before.filter((link) => listenersOf(zinetd.pid).has(link)).length).toBeGreaterThanOrEqual(2);
    upgraded.write({ version: 1, services: { ...services, more: echo } });
    zinetd.signal('SIGHUP');
    await zinetd.event('reloaded');
    expect(await ask(zinetd.port('spare'), 'again')).toBe('again');
    await zinetd.settled();
    await zinetd.stop();
    expect(existsSync(pidFile)).toBe(false);
  }, 60_000);

  test('gives way to a stop while the old dispatcher still waits for a client that it has let in (promise 7)', async () => {
    const decider = await startDecider();
    const upgraded = new Upgraded();
    // Named for what the decider does with it; a stop refuses who waits, an upgrade would wait for the deadline.
    const silent = { ...echo, decide: { socket: decider.path, deadline: '7s' } };
    const zinetd = await upgraded.start({ echo, silent });
    upgraded.newVersion();
    const held = await connect(zinetd.port('echo'));
    held.send('held');
    await held.readUntil('held');
    const waiting = await connect(zinetd.port('silent'));
    await until(() => decider.asked.length === 1, { what: 'the decider is asked' });
    expect((await upgraded.upgrade()).result).toBeDefined();
    await zinetd.event('upgrading');
    zinetd.signal('SIGTERM');
    expect(await zinetd.event('failed')).toMatchObject({ service: 'silent', step: 'stopping' });
    expect(await zinetd.event('stopping')).toMatchObject({ running: 1 });
    expect(await waiting.readAll()).toBe('');
    expect(await held.readAll()).toBe('held');
    await zinetd.stop();
    expect(zinetd.log.count('upgraded')).toBe(0);
    expect(zinetd.log.all.at(-1)).toMatchObject({ event: 'stopped' });
  }, 60_000);

  test('lets TERM come first, and does not forget HUP', async () => {
    const upgraded = new Upgraded();
    const zinetd = await upgraded.start({ echo });
    const answer = upgraded.upgrade();
    const isPreparing = (): boolean =>
      childrenOf(zinetd.pid).some((pid) => commandLineOf(pid).includes('--upgrader'));
    await until(isPreparing, { what: 'the upgrade has begun' });
    zinetd.signal('SIGHUP');
    await answer;
    await zinetd.event('upgraded');
    await zinetd.event('reloaded');
    const second = upgraded.upgrade().catch(() => undefined);
    zinetd.signal('SIGTERM');
    expect(await zinetd.ended).toBe(0);
    await second;
  }, 60_000);
});

describeWith('zinetd upgrade as PID 1', { needs: ['root', { program: 'unshare' }] }, () => {
  test('keeps pid and handlers, and goes on to reap orphans (S85)', async () => {
    const upgraded = new Upgraded();
    const forker = { ...echo, server: handler('double-fork'), server_args: ['10'] };
    const zinetd = await upgraded.start(
      { echo, forker },
      { ...contained({ bare: false }), lossy: true, expectFailure: true },
    );
    await zinetd.event('ready');
    const init = childrenOf(zinetd.pid)[0] ?? 0;
    onTestFinished(() => {
      if (statusOf(init, 'State') !== undefined) process.kill(init, 'SIGKILL');
    });
    const held = await connect(zinetd.port('echo'));
    await zinetd.event('started');
    const handlers = (): readonly number[] =>
      childrenOf(init).filter((pid) => !commandLineOf(pid).includes('--dispatcher'));
    const [pid = 0] = handlers();
    expect((await upgraded.upgrade()).error).toBeUndefined();
    await zinetd.event('upgraded');
    expect(statusOf(init, 'NSpid')).toBe(`${init}\t1`);
    expect(await (await connect(zinetd.port('forker'))).readAll()).toBe('10\n');
    const isReaped = (): boolean => handlers().length === 1 && handlers()[0] === pid;
    await until(isReaped, { what: 'nothing is left but the first handler' });
    held.send('still here');
    expect(await held.readUntil('still here')).toBe('still here');
    held.halfClose();
    expect(await held.readAll()).toBe('still here');
    process.kill(init, 'SIGTERM');
    expect(await zinetd.ended).toBe(0);
  }, 60_000);
});
