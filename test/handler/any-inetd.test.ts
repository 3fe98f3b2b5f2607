import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { ask, connect } from '../harness/client.ts';
import { connectToPath } from '../harness/connect-to-path.ts';
import { describeWith } from '../harness/describe-with.ts';
import { isRoot } from '../harness/identity.ts';
import { openPlace } from '../harness/open-place.ts';
import { runProgram } from '../harness/run-program.ts';
import { scratch } from '../harness/scratch.ts';
import { startXinetd } from '../harness/start-xinetd.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { until } from '../harness/until.ts';
import { installed, told } from './serving.ts';

const user = isRoot ? { user: 'nobody' } : {};
const listen = 'tcp://127.0.0.1:0';
const WHOAMI = 'examples/pool/whoami.mjs';

function start(server_args: readonly string[], more: object = {}): Promise<Zinetd> {
  const it = { ...user, listen, server: inject('openNode'), server_args, ...more };
  return startZinetd({ config: { services: { it } } });
}

describe.each(['inetd', 'extended'])('a handler of zinetd/handler in mode %s', (mode) => {
  test('serves the one connection that it was started for, and ends', async () => {
    const zinetd = await start([installed(WHOAMI)], { mode });
    for (let count = 0; count < 2; count++) {
      const answer = await ask(zinetd.port('it'));
      const { pid } = await zinetd.event('started');
      expect(answer).toBe(`You are 127.0.0.1, client 1 of process ${pid}\n`);
      expect(await zinetd.event('exited')).toMatchObject({ pid, status: 0 });
    }
  });

  test('is told who the client is, in its environment and by the socket', async () => {
    const zinetd = await start(told(), { mode, peer_env: ['cgi', 'zinetd'] });
    const client = await connect(zinetd.port('it'), { from: '127.0.0.9' });
    client.send('peer\n');
    expect(await client.readAll()).toBe(`127.0.0.9 ${client.localPort}\n`);
    const [first, second] = [await ask(zinetd.port('it'), 'id\n'), await ask(zinetd.port('it'), 'id\n')];
    expect(Number(second)).toBe(Number(first) + 1);
  });

  test('answers a client that has sent its last byte', async () => {
    const zinetd = await start(told(), { mode });
    expect(await ask(zinetd.port('it'), 'all\none\ntwo')).toBe('one\ntwo\n');
    const events = await start([...told(), 'events'], { mode });
    expect(await ask(events.port('it'), 'and without a promise')).toBe('and without a promise');
    expect(await events.event('exited')).toMatchObject({ status: 0 });
  });

  test('ends with 1 when it fails, with the status that it gives, and never tells the client why (S19)', async () => {
    const zinetd = await start(told(), { mode });
    expect(await ask(zinetd.port('it'), 'throw secret\n')).toBe('');
    expect(await zinetd.event('exited')).toMatchObject({ status: 1 });
    expect(await ask(zinetd.port('it'), 'status 75\n')).toBe('');
    expect(await zinetd.event('exited')).toMatchObject({ status: 75 });
    const lines = zinetd.log.all.flatMap(({ event, text }) => (event === 'stderr' ? [String(text)] : []));
    const said = /^Cannot serve (the connection|connection \d+): TypeError: secret \(file:\S+\)$/;
    expect(lines.map((line) => said.test(line))).toEqual(mode === 'extended' ? [true] : []);
  });

  test('serves a unix socket', async () => {
    const path = join(scratch('unix'), 'socket');
    await start(told(), { mode, listen: `unix://${path}` });
    const client = await connectToPath(path);
    client.send('peer\n');
    expect(await client.readAll()).toBe('undefined undefined\n');
  });
});

describe('a handler of zinetd/handler that a sandbox keeps from everything but what it reads', () => {
  test('serves, since any user can read the library and its addon', async () => {
    const sandbox = { mode: 'extended', ...(isRoot ? { user: undefined, dynamic_user: true } : {}) };
    const zinetd = await start([installed(WHOAMI)], { ...sandbox, protect_system: 'strict', umask: '077' });
    expect(await ask(zinetd.port('it'))).toMatch(/^You are 127\.0\.0\.1, client 1 of process \d+\n$/);
  });
});

const NEEDS = ['root', 'overlays', 'a network namespace', { program: 'xinetd' }, { program: 'nc' }] as const;
const PORT = '7001';

describeWith("a handler of zinetd/handler under Debian's xinetd", { needs: NEEDS }, () => {
  test('is the same file, and serves the one connection that it was started for', async () => {
    const place = await openPlace({ over: [scratch('nothing')] });
    const file = join(scratch('xinetd'), 'xinetd.conf');
    const own = [`port = ${PORT}`, `server = ${inject('openNode')}`, `server_args = ${installed(WHOAMI)}`];
    const usual = ['type = UNLISTED', 'socket_type = stream', 'protocol = tcp', 'wait = no', 'user = nobody'];
    writeFileSync(file, `service it\n{\n${[...usual, ...own].map((line) => `\t${line}\n`).join('')}}\n`);
    const xinetd = await startXinetd({ place, file, log: '' });
    const { stdout } = await runProgram([...place.enter, 'nc', '-N', '127.0.0.1', PORT], { input: '' });
    expect(stdout).toMatch(/^You are 127\.0\.0\.1, client 1 of process \d+\n$/);
    await until(() => xinetd.handlers().length === 0, { what: 'the handler has ended' });
  });
});

describe('a program of zinetd/handler that somebody starts by hand', () => {
  test.each([
    [{}, /^Cannot serve descriptor 0: no connection, no listening socket and no channel of a pool \(.*\)\n$/],
    [{ connections: 0 }, /^Cannot serve 0 connections at once: no whole number from 1 on\n$/],
    [{ idleMs: 0 }, /^Cannot be idle for 0 ms: no number up to 2147483647, or Infinity\n$/],
  ])('says what is wrong with %j, and ends with 2', async (options, message) => {
    const child = spawn(process.execPath, told(options), { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    expect(await new Promise((done) => child.once('close', done))).toBe(2);
    expect(said).toMatch(message);
  });
});
