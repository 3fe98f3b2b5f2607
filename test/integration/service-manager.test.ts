import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ask, connect } from '../harness/client.ts';
import { copyInstall } from '../harness/copy-install.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { type Manager, startManager } from '../harness/manager.ts';
import { childrenOf, commandLineOf } from '../harness/processes.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { until } from '../harness/until.ts';

const listen = 'tcp://127.0.0.1:0';
const user = isRoot ? { user: 'nobody' } : {};
const echo = { listen, server: handler('echo'), ...user };
const sleeper = { listen, server: handler('sleeper'), ...user };

function start(manager: Manager, services: object, env: Record<string, string> = {}): Promise<Zinetd> {
  return startZinetd({ config: { services }, env: { NOTIFY_SOCKET: manager.socket, ...env } });
}

describe('a service manager (sd_notify)', () => {
  test('is told READY by the main process once clients are served, and STOPPING when they are not any more', async () => {
    const manager = await startManager();
    const zinetd = await start(manager, { echo });
    const ready = await manager.next('READY=1');
    expect(ready.pid).toBe(zinetd.pid);
    expect(await ask(zinetd.port('echo'), 'x')).toBe('x');
    await zinetd.stop();
    expect((await manager.next('STOPPING=1')).pid).toBe(zinetd.pid);
  });

  test('is never told READY by one whose dispatcher cannot serve', async () => {
    const manager = await startManager();
    const install = copyInstall();
    writeFileSync(join(install, 'dist/parts/dispatcher-main.js'), 'export {};');
    const zinetd = await startZinetd({
      ...{ config: { services: { echo } }, env: { NOTIFY_SOCKET: manager.socket } },
      ...{ install, expectFailure: true },
    });
    expect(await zinetd.ended).toBe(3);
    expect(zinetd.stderr).toContain('Cannot start the dispatcher');
    expect(manager.all.map(({ text }) => text)).not.toContain('READY=1');
  });

  test('may have a socket in the abstract namespace', async () => {
    const manager = await startManager(`@zinetd-test-${process.pid}`);
    const zinetd = await start(manager, { echo });
    await manager.next('READY=1');
    await zinetd.stop();
    await manager.next('STOPPING=1');
  });

  test('is told RELOADING with the time of it, and READY when the new configuration is in force', async () => {
    const manager = await startManager();
    const file = join(scratch('config'), 'zinetd.yaml');
    const write = (names: readonly string[]): void => {
      const services = Object.fromEntries(names.map((name) => [name, echo]));
      writeFileSync(file, JSON.stringify({ version: 1, services }));
    };
    write(['one']);
    const zinetd = await startZinetd({
      foreign: { format: 'native', file },
      env: { NOTIFY_SOCKET: manager.socket },
    });
    const ready = await manager.next('READY=1');
    write(['one', 'two']);
    zinetd.signal('SIGHUP');
    const { text, atUs } = await manager.next('RELOADING=1');
    const [, time = ''] = /^RELOADING=1\nMONOTONIC_USEC=(\d+)$/.exec(text) ?? [];
    expect(Number(time)).toBeGreaterThan(ready.atUs);
    expect(Number(time)).toBeLessThanOrEqual(atUs);
    await manager.next('READY=1');
    await manager.next('STATUS=Serving 2 services, 0 handlers');
    await zinetd.settled();
  });

  test('is told READY, too, when the configuration was refused', async () => {
    const manager = await startManager();
    const file = join(scratch('config'), 'zinetd.yaml');
    writeFileSync(file, JSON.stringify({ version: 1, services: { echo } }));
    const zinetd = await startZinetd({
      foreign: { format: 'native', file },
      env: { NOTIFY_SOCKET: manager.socket },
    });
    await manager.next('READY=1');
    writeFileSync(file, 'version: 2');
    zinetd.signal('SIGHUP');
    await manager.next('RELOADING=1');
    await zinetd.event('reload-failed');
    await manager.next('READY=1');
  });

  test('can read how many services and handlers there are', async () => {
    const manager = await startManager();
    const zinetd = await start(manager, { echo, sleeper });
    await manager.next('STATUS=Serving 2 services, 0 handlers');
    const client = await connect(zinetd.port('sleeper'));
    await manager.next('STATUS=Serving 2 services, 1 handler');
    const stopped = zinetd.stop();
    await manager.next('STATUS=Stopping, 1 handler left');
    client.reset();
    await stopped;
  });

  test('gets signs of life from the dispatcher, and none from a spawner whose dispatcher hangs', async () => {
    const manager = await startManager();
    const zinetd = await start(manager, { echo }, { WATCHDOG_USEC: '200000' });
    await manager.next('WATCHDOG=1');
    await manager.next('WATCHDOG=1');
    const dispatcher = zinetd.dispatcherPid ?? 0;
    process.kill(dispatcher, 'SIGSTOP');
    zinetd.signal('SIGHUP');
    await manager.next('RELOADING=1');
    const compiler = (): boolean =>
      childrenOf(zinetd.pid).some((pid) => commandLineOf(pid).includes('--compiler'));
    // Long enough for more than one of them.
    await until(() => !compiler(), { what: 'the compiler has ended' });
    const { length: told } = manager.all;
    process.kill(dispatcher, 'SIGCONT');
    await manager.next('READY=1');
    await manager.next('WATCHDOG=1');
    const texts = manager.all.slice(0, told).map(({ text }) => text);
    expect(texts.slice(texts.findIndex((text) => text.startsWith('RELOADING')))).not.toContain('WATCHDOG=1');
  });

  test('gets no sign of life that is meant for another process', async () => {
    const manager = await startManager();
    const zinetd = await start(manager, { echo }, { WATCHDOG_USEC: '20000', WATCHDOG_PID: '1' });
    await zinetd.stop();
    await manager.next('STOPPING=1');
    expect(manager.all.filter(({ text }) => text === 'WATCHDOG=1')).toEqual([]);
  });

  test('is not known to handlers', async () => {
    const manager = await startManager();
    const zinetd = await start(
      manager,
      {
        env: { listen, server: '/usr/bin/env', pass_env: 'ALL', ...user },
      },
      { WATCHDOG_USEC: '60000000', OTHER: 'passed' },
    );
    const text = await ask(zinetd.port('env'), '');
    expect(text).toContain('OTHER=passed');
    expect(text).not.toMatch(/NOTIFY_SOCKET|WATCHDOG/);
  });

  test('of a kind that zinetd does not know is told of, and nothing else', async () => {
    const zinetd = await startZinetd({
      config: { services: { echo } },
      env: { NOTIFY_SOCKET: 'vsock:2:1234' },
    });
    expect(zinetd.stderr).toContain(
      'zinetd: warning: Cannot tell the service manager anything: NOTIFY_SOCKET is "vsock:2:1234"',
    );
  });
});
