import { execFileSync } from 'node:child_process';
import { lstatSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ask } from '../harness/client.ts';
import { controlLine } from '../harness/control-line.ts';
import { isRoot } from '../harness/identity.ts';
import { steadyDescriptorCountOf } from '../harness/processes.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { until } from '../harness/until.ts';

const ECHO = { listen: 'tcp://127.0.0.1:0', builtin: 'echo' };

async function start(): Promise<{ zinetd: Zinetd; path: string; read: string }> {
  const home = scratch('control');
  const [path, read] = [join(home, 'control'), join(home, 'read')];
  const control = { read_only: { socket: read, mode: '0666' } };
  const zinetd = await startZinetd({
    config: { services: { echo: ECHO }, control },
    args: ['--control', path],
  });
  return { zinetd, path, read };
}

/** Somebody who connects and says nothing. */
function stall(path: string): void {
  const socket = createConnection({ path });
  socket.on('error', () => {});
  onTestFinished(() => void socket.destroy());
}

/** A program of another user that connects, says a line and prints what comes back. */
const OTHER = `
import os, socket, sys
os.setgid(65534); os.setuid(65534)
s = socket.socket(socket.AF_UNIX)
try:
    s.connect(sys.argv[1])
except OSError as error:
    sys.exit(print(type(error).__name__))
try:
    s.sendall(sys.argv[2].encode() + b"\\n")
except BrokenPipeError:
    pass
print(s.makefile().readline())
`;

function askAsOther(path: string, method: string): string {
  const request = JSON.stringify({ zinetd: 1, id: 1, method });
  return execFileSync('/usr/bin/python3', ['-c', OTHER, path, request]).toString();
}

/** Passes two descriptors along with each piece of a request. */
const PASS = `
import array, os, socket, sys
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
fds = array.array("i", [0, 2])
for piece in (b'{"zinetd":1,"id":1,', b'"method":"ping"}\\n'):
    s.sendmsg([piece], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)])
print(s.makefile().readline())
`;

describe('the control socket (S114)', () => {
  test('that tells only ends with those who are connected to it when a reload takes it away or moves it', async () => {
    const home = scratch('control');
    const [path, configFile] = [join(home, 'control'), join(home, 'zinetd.yaml')];
    const write = (name: string | undefined, services: object = { echo: ECHO }): void => {
      const readOnly = name === undefined ? {} : { read_only: { socket: join(home, name), mode: '0666' } };
      const control = { socket: path, ...readOnly };
      writeFileSync(configFile, JSON.stringify({ version: 1, watch: false, control, services }));
    };
    write('read');
    await startZinetd({ configFile, args: ['--control', path] });
    const admin = await controlLine(path);
    const read = await controlLine(join(home, 'read'));
    read.request('logs');
    await admin.call('ping');

    write('read', { echo: ECHO, more: ECHO });
    expect(await admin.call('reload')).toMatchObject({ outcome: 'reloaded' });
    expect(await read.call('ping')).toEqual({ isReady: true });

    write('elsewhere');
    expect(await admin.call('reload')).toMatchObject({ outcome: 'reloaded' });
    await read.ended;
    const moved = await controlLine(join(home, 'elsewhere'));
    expect(await moved.call('ping')).toEqual({ isReady: true });

    write(undefined);
    expect(await admin.call('reload')).toMatchObject({ outcome: 'reloaded' });
    await moved.ended;
    expect(await admin.call('ping')).toEqual({ isReady: true });
    // As it was at the beginning, and with it the descriptors.
    write('read');
    expect(await admin.call('reload')).toMatchObject({ outcome: 'reloaded' });
    admin.socket.destroy();
  });

  test('is for its owner alone, and the other one is as its mode says', async () => {
    const { path, read } = await start();
    expect(lstatSync(path).mode & 0o777).toBe(0o600);
    expect(lstatSync(read).mode & 0o777).toBe(0o666);
    const line = await controlLine(read);
    expect(await line.call('ping')).toEqual({ isReady: true });
    expect(await line.answer('stop')).toMatchObject({ error: { code: 'not-permitted' } });
  });

  test.runIf(isRoot)(
    'knows who is there: another user gets nothing, even where the mode lets him in',
    async () => {
      const { zinetd, path, read } = await start();
      expect(askAsOther(path, 'status')).toContain('PermissionError');
      execFileSync('/bin/chmod', ['0666', path]);
      expect(askAsOther(path, 'stop')).toContain('"code":"not-permitted"');
      expect(await zinetd.event('control-refused')).toMatchObject({ reason: 'not-permitted', uid: 65534 });
      expect(askAsOther(read, 'ping')).toContain('"isReady":true');
      expect(askAsOther(read, 'stop')).toContain('"code":"not-permitted"');
    },
  );

  test('lets nobody be kept out by a thousand that connect and say nothing', async () => {
    const { zinetd, path, read } = await start();
    const before = steadyDescriptorCountOf(zinetd.dispatcherPid ?? 0);
    for (let count = 0; count < 1000; count++) stall(count % 2 === 0 ? path : read);
    for (const each of [path, read]) {
      const line = await controlLine(each);
      expect(await line.call('ping')).toEqual({ isReady: true });
      line.socket.destroy();
    }
    expect(await ask(zinetd.port('echo'), 'served\n')).toBe('served\n');
    const held = steadyDescriptorCountOf(zinetd.dispatcherPid ?? 0);
    expect((held ?? 0) - (before ?? 0)).toBeLessThanOrEqual(2 * 16);
  });

  test('lets go of who sends junk, and says so once', async () => {
    const { zinetd, path } = await start();
    for (let count = 0; count < 20; count++) {
      const line = await controlLine(path);
      line.send('GET / HTTP/1.1\r\n\r\n');
      await line.ended;
      expect(line.replies).toMatchObject([{ id: null, error: { code: 'protocol' } }]);
    }
    const line = await controlLine(path);
    line.send(Buffer.alloc(70_000, 0x20));
    await line.ended;
    expect(line.replies).toMatchObject([{ id: null, error: { code: 'protocol' } }]);
    await (await controlLine(path)).call('ping');
    expect(zinetd.log.count('control-refused')).toBe(1);
  });

  test('closes descriptors that are passed along with a request', async () => {
    const { zinetd, path } = await start();
    const before = steadyDescriptorCountOf(zinetd.dispatcherPid ?? 0);
    for (let count = 0; count < 5; count++)
      expect(execFileSync('/usr/bin/python3', ['-c', PASS, path]).toString()).toContain('"isReady":true');
    const isBack = () => steadyDescriptorCountOf(zinetd.dispatcherPid ?? 0) === before;
    await until(isBack, { what: 'no descriptor is left' });
  });

  test('can be removed by somebody: zinetd serves on, and goes on telling who is connected', async () => {
    const { zinetd, path } = await start();
    const line = await controlLine(path);
    rmSync(path);
    expect(await line.call('ping')).toEqual({ isReady: true });
    expect(await ask(zinetd.port('echo'), 'served\n')).toBe('served\n');
    await zinetd.stop();
    expect(zinetd.log.count('spawner-gone')).toBe(0);
  });

  test('that another zinetd has is left to it, and the second one serves without', async () => {
    const { zinetd, path } = await start();
    const second = await startZinetd({ config: { services: { echo: ECHO } }, args: ['--control', path] });
    expect(second.log.all).toContainEqual(
      expect.objectContaining({ event: 'listen-failed', error: 'EADDRINUSE' }),
    );
    expect(await ask(second.port('echo'), 'second\n')).toBe('second\n');
    expect(await (await controlLine(path)).call('status')).toMatchObject({ pid: zinetd.pid });
  });

  test('who takes no answers is let go, and whoever floods it takes nothing from clients of services', async () => {
    const { zinetd, path, read } = await start();
    const deaf = await controlLine(path);
    deaf.socket.pause();
    const loud = await controlLine(read);
    for (let count = 0; count < 3000; count++) {
      deaf.request('status');
      loud.request('status');
    }
    for (let count = 0; count < 20; count++) {
      const text = `served ${count}\n`;
      expect(await ask(zinetd.port('echo'), text)).toBe(text);
    }
    expect(await (await controlLine(path)).call('ping')).toEqual({ isReady: true });
  });
});
