import { execFileSync } from 'node:child_process';
import { readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ask, connect } from '../harness/client.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { scratch } from '../harness/scratch.ts';
import { type StartOptions, startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { udpClient } from '../harness/udp-client.ts';

const user = isRoot ? { user: 'nobody' } : {};

/** As a service manager starts it, with these sockets. */
function activated(sockets: readonly string[], options: StartOptions): Promise<Zinetd> {
  const script = resolve('test/fixtures/clients/activate.py');
  return startZinetd({ ...options, prefix: ['/usr/bin/python3', script, ...sockets, '--'] });
}

function socketsOf(pid: number): readonly string[] {
  const links = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
  return links.filter((link) => link.startsWith('socket:'));
}

/** Inode of the socket that was handed over as the n-th. */
function inherited(zinetd: Zinetd, number: number): string {
  return readlinkSync(`/proc/${zinetd.pid}/fd/${4 + number}`);
}

describe('sockets that zinetd was started with', () => {
  test('serve by their names and numbers, and what connected before is served, too', async () => {
    const services = {
      web: { listen: 'fd://web', server: handler('echo'), ...user },
      other: { listen: 'fd://4', server: handler('echo'), ...user },
    };
    const zinetd = await activated(['web=tcp:127.0.0.1:0', 'other=tcp:127.0.0.1:0'], {
      config: { services },
    });
    expect(zinetd.stderr).not.toContain('[config/fd-');
    expect(await ask(zinetd.port('web'), 'one')).toBe('one');
    expect(await ask(zinetd.port('other'), 'two')).toBe('two');
    expect(socketsOf(zinetd.pid).filter((link) => link === inherited(zinetd, 0))).toHaveLength(2);
  });

  test('are blocking for handlers that wait, and reach nobody else (DESIGN §3, S7)', async () => {
    const services = {
      datagrams: { listen: 'fd://datagrams', wait: true, server: handler('datagrams'), ...user },
      web: { listen: 'fd://web', server: '/bin/sh', server_args: ['-c', 'ls /proc/self/fd; cat'], ...user },
    };
    const zinetd = await activated(['datagrams=udp:127.0.0.1:0', 'web=tcp:127.0.0.1:0'], {
      config: { services },
    });
    const client = await udpClient();
    await client.send('x', { port: zinetd.port('datagrams') });
    expect(String((await client.reply()).bytes)).toMatch(/^\d+ blocking x/);
    const stream = await connect(zinetd.port('web'));
    stream.halfClose();
    expect((await stream.readAll()).trim().split('\n')).toEqual(['0', '1', '2', '3']);
  });

  test('stay the same over a reload, also when they are used no more for a while (S124)', async () => {
    const file = join(scratch('config'), 'zinetd.yaml');
    const web = { listen: 'fd://web', server: handler('echo'), ...user };
    const write = (services: object): void => writeFileSync(file, JSON.stringify({ version: 1, services }));
    write({ web });
    const zinetd = await activated(['web=tcp:127.0.0.1:0'], { foreign: { format: 'native', file } });
    const port = zinetd.port('web');
    const inode = inherited(zinetd, 0);
    const held = await connect(port);
    await zinetd.event('started');
    write({ web, more: { ...web, listen: 'tcp://127.0.0.1:0' } });
    zinetd.signal('SIGHUP');
    await zinetd.event('reloaded');
    expect(await ask(port, 'same')).toBe('same');
    write({ more: { ...web, listen: 'tcp://127.0.0.1:0' } });
    zinetd.signal('SIGHUP');
    await zinetd.event('reloaded');
    const waiting = await connect(port);
    write({ web });
    zinetd.signal('SIGHUP');
    await zinetd.event('reloaded');
    waiting.send('late');
    expect(await waiting.readUntil('late')).toBe('late');
    held.send('held');
    expect(await held.readUntil('held')).toBe('held');
    expect(inherited(zinetd, 0)).toBe(inode);
    waiting.halfClose();
    held.halfClose();
    await zinetd.settled();
  });

  test('that no service can have refuse the start, with place and help', async () => {
    const services = { web: { listen: 'fd://web', server: handler('echo'), ...user } };
    const zinetd = await activated(['web=bound:127.0.0.1:0'], { config: { services }, expectFailure: true });
    expect(await zinetd.ended).toBe(1);
    expect(zinetd.stderr).toContain('error[config/fd-misfit]');
    expect(zinetd.stderr).toContain('it does not listen');
  });

  test.each([
    ['file:/etc/passwd', 'it is no socket'],
    ['unix-dgram:@odd', '"wait: true"'],
  ])('such as %s are refused: %s', async (what, reason) => {
    const place = what === 'unix-dgram:@odd' ? `unix-dgram:${join(scratch('unix'), 's')}` : what;
    const services = { web: { listen: 'fd://web', server: handler('echo'), ...user } };
    const zinetd = await activated([`web=${place}`], { config: { services }, expectFailure: true });
    expect(await zinetd.ended).toBe(1);
    expect(zinetd.stderr).toContain(reason);
  });

  test('that are meant for another process are left alone (S15)', async () => {
    const services = { echo: { listen: 'tcp://127.0.0.1:0', server: handler('echo'), ...user } };
    const zinetd = await startZinetd({ config: { services }, env: { LISTEN_FDS: '3', LISTEN_PID: '1' } });
    expect(zinetd.stderr).not.toContain('[config/fd-');
  });

  test('of which nobody makes use are warned of', async () => {
    const services = { echo: { listen: 'tcp://127.0.0.1:0', server: handler('echo'), ...user } };
    const zinetd = await activated(['spare=tcp:127.0.0.1:0'], { config: { services } });
    expect(zinetd.stderr).toMatch(/warning\[config\/fd-unused\]: Found no use for the socket "spare"/);
  });

  test('can be unix sockets, whose path stays when zinetd ends', async () => {
    const path = join(scratch('unix'), 'socket');
    const services = { echo: { listen: 'fd://local', server: handler('echo'), ...user } };
    const zinetd = await activated([`local=unix:${path}`], { config: { services } });
    const script = `import socket;s=socket.socket(socket.AF_UNIX);s.connect(${JSON.stringify(path)});s.send(b"hi");print(s.recv(9).decode())`;
    expect(execFileSync('/usr/bin/python3', ['-c', script], { encoding: 'utf8' })).toBe('hi\n');
    await zinetd.stop();
    expect(readdirSync(join(path, '..'))).toEqual(['socket']);
  });
});
