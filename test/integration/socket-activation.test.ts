import { readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ask } from '../harness/client.ts';
import { connectToPath } from '../harness/connect-to-path.ts';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { type Manager, startManager } from '../harness/manager.ts';
import { program } from '../harness/program.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { systemdLibraries } from '../harness/systemd-libraries.ts';
import { udpClient } from '../harness/udp-client.ts';
import { until } from '../harness/until.ts';
import { quietPort } from './quiet-port.ts';

const user = isRoot ? { user: 'nobody' } : {};
const echo = { server: handler('echo'), ...user };

/** systemd-socket-activate has sockets of one type; what it gets from another one it passes on. */
class Activation {
  readonly config = join(scratch('config'), 'zinetd.yaml');
  readonly path = join(scratch('unix'), 'socket');
  readonly tcp = quietPort();
  readonly udp = quietPort();

  write(more: Readonly<Record<string, object>> = {}): void {
    const services = {
      web: { ...echo, listen: 'fd://web' },
      local: { ...echo, listen: 'fd://local' },
      datagrams: { listen: 'fd://datagrams', wait: true, server: handler('datagrams'), ...user },
      ...more,
    };
    writeFileSync(this.config, JSON.stringify({ version: 1, watch: false, services }));
  }

  /** It begins once somebody wants something. */
  async start(manager: Manager): Promise<Zinetd> {
    const activate = program('systemd-socket-activate') ?? '';
    const pass = ['-E', 'NOTIFY_SOCKET'];
    const outer = [activate, ...pass, '-E', 'LD_LIBRARY_PATH', '-d', '-l', `127.0.0.1:${this.udp}`];
    const names = '--fdname=datagrams:web:local';
    const inner = [activate, ...pass, '-l', `127.0.0.1:${this.tcp}`, '-l', this.path, names];
    this.write();
    return startZinetd({
      prefix: [...outer, ...inner],
      foreign: { format: 'native', file: this.config },
      env: { NOTIFY_SOCKET: manager.socket, LD_LIBRARY_PATH: systemdLibraries() },
      expectFailure: true,
    });
  }
}

async function askLocal(path: string): Promise<string> {
  const client = await connectToPath(path);
  client.send('local');
  client.halfClose();
  return client.readAll();
}

describeWith('systemd-socket-activate', { needs: [{ program: 'systemd-socket-activate' }] }, () => {
  test('starts zinetd with sockets of each kind, and its manager follows it to the end (must show 5)', async () => {
    const manager = await startManager();
    const activation = new Activation();
    const zinetd = await activation.start(manager);
    const told = `Listening on 127.0.0.1:${activation.udp}`;
    await until(() => zinetd.stderr.includes(told), { what: 'the first socket is there' });
    const client = await udpClient();
    await client.send('first', { port: activation.udp });
    expect(String((await client.reply()).bytes)).toMatch(/^\d+ blocking first$/);
    await zinetd.serving();
    const ready = await manager.next('READY=1');
    expect(ready.pid).toBe(zinetd.pid);
    expect(zinetd.stderr).not.toContain('[config/fd-');
    const inodes = [3, 4, 5].map((fd) => readlinkSync(`/proc/${zinetd.pid}/fd/${fd + 1}`));
    expect(await ask(activation.tcp, 'web')).toBe('web');
    expect(await askLocal(activation.path)).toBe('local');
    await manager.told('STATUS=Serving 3 services, 0 handlers');

    activation.write({ more: { ...echo, listen: 'tcp://127.0.0.1:0' } });
    zinetd.signal('SIGHUP');
    const { text, atUs } = await manager.next('RELOADING=1');
    const [, time = ''] = /^RELOADING=1\nMONOTONIC_USEC=(\d+)$/.exec(text) ?? [];
    expect(Number(time)).toBeGreaterThan(ready.atUs);
    expect(Number(time)).toBeLessThanOrEqual(atUs);
    await manager.next('READY=1');
    await manager.told('STATUS=Serving 4 services, 0 handlers');
    expect([3, 4, 5].map((fd) => readlinkSync(`/proc/${zinetd.pid}/fd/${fd + 1}`))).toEqual(inodes);
    expect(await ask(activation.tcp, 'again')).toBe('again');
    expect(await askLocal(activation.path)).toBe('local');

    await zinetd.settled();
    await zinetd.stop();
    expect((await manager.next('STOPPING=1')).pid).toBe(zinetd.pid);
  });
});
