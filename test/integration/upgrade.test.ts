import { chmodSync, readdirSync, readFileSync, readlinkSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ask, connect } from '../harness/client.ts';
import { type ControlReply, controlLine } from '../harness/control-line.ts';
import { copyInstall } from '../harness/copy-install.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import type { LogRecord } from '../harness/log-records.ts';
import { childrenOf } from '../harness/processes.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';

const listen = 'tcp://127.0.0.1:0';
const user = isRoot ? { user: 'nobody' } : {};
const echo = { listen, server: handler('echo'), ...user };
const CLIENTS = 4;
const EACH = 40;

class Upgraded {
  readonly install = copyInstall();
  readonly control = join(scratch('control'), 'control');
  readonly config = join(scratch('config'), 'zinetd.yaml');

  async start(): Promise<Zinetd> {
    this.write({ version: 1, services: { echo } });
    return startZinetd({
      foreign: { format: 'native', file: this.config },
      args: ['--control', this.control],
      install: this.install,
    });
  }

  write(document: object): void {
    writeFileSync(`${this.config}.new`, JSON.stringify({ watch: false, ...document }));
    renameSync(`${this.config}.new`, this.config);
  }

  /** As a package manager does: another file in its place. */
  replace(path: string, content: string): void {
    const file = join(this.install, path);
    writeFileSync(`${file}.new`, content);
    chmodSync(`${file}.new`, 0o755);
    renameSync(`${file}.new`, file);
  }

  newVersion(): void {
    const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as object;
    this.replace('package.json', JSON.stringify({ ...manifest, version: '9.9.9' }));
  }

  async upgrade(): Promise<ControlReply> {
    const line = await controlLine(this.control);
    return line.answer('upgrade');
  }
}

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
    const zinetd = await upgraded.start();
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

  test.each([
    ['a Node main that does not parse', 'dist/main.js', 'this is no program', 'prepare', /Error/],
    [
      'a dispatcher that is missing a part',
      'dist/dispatcher/serve.js',
      'export {};',
      'prepare',
      /does not provide an export/,
    ],
    ['a spawner that is no program', 'build/Release/zinetd-spawner', 'garbage', 'try', /format/],
    ['a spawner that is another program', 'build/Release/zinetd-spawner', '#!/bin/true\n', 'try', /ENOEXEC/],
    [
      'a spawner that refuses',
      'build/Release/zinetd-spawner',
      '#!/bin/sh\necho "zinetd: Cannot do it" >&2; exit 4\n',
      'try',
      /Cannot do it/,
    ],
  ])(
    'leaves the old one running when there is %s, and says why',
    async (_, path, content, step, reason) => {
      const upgraded = new Upgraded();
      const zinetd = await upgraded.start();
      const dispatcher = zinetd.dispatcherPid;
      upgraded.replace(path, content);
      const { error } = await upgraded.upgrade();
      expect(error?.message).toMatch(reason);
      expect(await zinetd.event('upgrade-failed')).toMatchObject({
        step,
        reason: expect.stringMatching(reason),
      });
      expect(await ask(zinetd.port('echo'), 'x')).toBe('x');
      expect(zinetd.dispatcherPid).toBe(dispatcher);
    },
    40_000,
  );

  test('leaves the old one running when the configuration is invalid by now', async () => {
    const upgraded = new Upgraded();
    const zinetd = await upgraded.start();
    upgraded.write({ version: 1, services: { echo: { ...echo, instances: -1 } } });
    const { error } = await upgraded.upgrade();
    expect(error?.message).toContain('error[config/');
    expect(await ask(zinetd.port('echo'), 'x')).toBe('x');
    upgraded.write({ version: 1, services: { echo, more: echo } });
    expect((await upgraded.upgrade()).error).toBeUndefined();
    await zinetd.event('upgraded');
    expect(await ask(zinetd.port('echo'), 'x')).toBe('x');
    await zinetd.settled();
  }, 60_000);

  test('lets TERM come first, and does not forget HUP', async () => {
    const upgraded = new Upgraded();
    const zinetd = await upgraded.start();
    const answer = upgraded.upgrade();
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
