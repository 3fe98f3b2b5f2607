import { describe, expect, test } from 'vitest';
import { type Client, connect } from '../harness/client.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { isZombie, statusOf } from '../harness/processes.ts';
import { ServicesFile } from '../harness/services-file.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { startTarget } from '../harness/target.ts';
import { until } from '../harness/until.ts';

const TERM = 15;
const KILL = 9;
const listen = 'tcp://127.0.0.1:0';
const user = isRoot ? { user: 'nobody' } : {};
const sleeper = { listen, server: handler('sleeper'), ...user };
/** Ignores TERM. */
const deaf = { ...sleeper, server_args: [String(TERM)] };

/** A client whose handler runs: it has said its pid. */
async function enter(zinetd: Zinetd, service: string): Promise<{ client: Client; pid: number }> {
  const client = await connect(zinetd.port(service));
  return { client, pid: Number((await client.readUntil('\n')).trim()) };
}

function exitOf(zinetd: Zinetd, service: string) {
  return zinetd.event((record) => record.event === 'exited' && record.service === service);
}

function isAlive(pid: number): boolean {
  return statusOf(pid, 'State') !== undefined && !isZombie(pid);
}

async function reload(zinetd: Zinetd): Promise<void> {
  zinetd.signal('SIGHUP');
  await zinetd.event('reloaded');
}

describe('max_connection_age', () => {
  test('ends a handler that is too old, and its record says so', async () => {
    const services = { old: { ...sleeper, max_connection_age: '300ms' }, ageless: sleeper };
    const zinetd = await startZinetd({ config: { services } });
    const { client: stays } = await enter(zinetd, 'ageless');
    const { client } = await enter(zinetd, 'old');
    expect(await exitOf(zinetd, 'old')).toMatchObject({ signal: TERM, end: 'age' });
    expect(await client.ended()).toBe('end');
    stays.halfClose();
    expect(await exitOf(zinetd, 'ageless')).not.toHaveProperty('end');
  });

  test('ends the group of the handler, and nobody else', async () => {
    const family = {
      ...sleeper,
      server: '/bin/sh',
      server_args: ['-c', 'sleep 1000 <&- >&- & echo $!; exec sleep 1000'],
    };
    const services = { family: { ...family, max_connection_age: '300ms' }, other: sleeper };
    const zinetd = await startZinetd({ config: { services } });
    const { client: others, pid: other } = await enter(zinetd, 'other');
    const { pid: child } = await enter(zinetd, 'family');
    expect(await exitOf(zinetd, 'family')).toMatchObject({ signal: TERM, end: 'age' });
    await until(() => !isAlive(child), { what: 'its child has ended' });
    expect(isAlive(other)).toBe(true);
    others.halfClose();
  });

  test('counts on when the dispatcher was killed meanwhile, also for one who ignored its TERM (S129)', async () => {
    const services = {
      old: { ...sleeper, max_connection_age: '3s' },
      deaf: { ...deaf, max_connection_age: '100ms' },
    };
    const zinetd = await startZinetd({ config: { services }, lossy: true });
    await enter(zinetd, 'old');
    await enter(zinetd, 'deaf');
    for (const service of ['old', 'deaf'])
      await zinetd.event((record) => record.event === 'started' && record.service === service);
    const { dispatcherPid } = zinetd;
    if (dispatcherPid) process.kill(dispatcherPid, 'SIGKILL');
    await zinetd.event('dispatcher-restarted');
    const old = await exitOf(zinetd, 'old');
    expect(old).toMatchObject({ signal: TERM, end: 'age' });
    expect(old.duration_ms).toBeLessThan(6000);
    expect(await exitOf(zinetd, 'deaf')).toMatchObject({ signal: KILL, end: 'age' });
  });

  test('is that of the configuration in force, for those who were in before as well', async () => {
    const file = new ServicesFile({ it: { ...sleeper, max_connection_age: '1h' } });
    const zinetd = await startZinetd({ config: file.config });
    await enter(zinetd, 'it');
    file.write({ it: { ...sleeper, max_connection_age: '100ms' } });
    await reload(zinetd);
    expect(await exitOf(zinetd, 'it')).toMatchObject({ signal: TERM, end: 'age' });
  });

  test('holds for what zinetd serves itself: relays and built-ins', async () => {
    const target = await startTarget();
    const age = { listen, max_connection_age: '200ms' };
    const services = { relay: { ...age, redirect: target.url }, echo: { ...age, builtin: 'echo' } };
    const zinetd = await startZinetd({ config: { services } });
    for (const service of ['relay', 'echo']) {
      const client = await connect(zinetd.port(service));
      expect(await exitOf(zinetd, service)).toMatchObject({ service, end: 'age' });
      await client.ended();
    }
  });
});

describe('on_reload', () => {
  test('ends the handlers of what a reload changes or removes, and no others', async () => {
    const terminate = { ...sleeper, on_reload: 'terminate' };
    const file = new ServicesFile({ changed: terminate, gone: terminate, same: terminate, kept: sleeper });
    const zinetd = await startZinetd({ config: file.config });
    const clients = new Map<string, Client>();
    for (const service of ['changed', 'gone', 'same', 'kept'])
      clients.set(service, (await enter(zinetd, service)).client);
    const other = { env: { A: 'other' } };
    file.write({
      changed: { ...terminate, ...other },
      same: { ...terminate, instances: 7, only_from: ['192.0.2.1'] },
      kept: { ...sleeper, ...other },
    });
    await reload(zinetd);
    expect(await exitOf(zinetd, 'changed')).toMatchObject({ signal: TERM, end: 'reload' });
    expect(await exitOf(zinetd, 'gone')).toMatchObject({ signal: TERM, end: 'reload' });
    for (const service of ['same', 'kept']) {
      clients.get(service)?.halfClose();
      expect(await exitOf(zinetd, service)).toMatchObject({ status: 0 });
    }
    await zinetd.stop(); // it has other listeners than at the start
  });
});

describe('on_stop', () => {
  test('ends the handlers of a service at once, while others have their time', async () => {
    const services = { quick: { ...sleeper, on_stop: 'terminate' }, slow: sleeper };
    const zinetd = await startZinetd({ config: { services }, args: ['--grace', '30s'] });
    const { client } = await enter(zinetd, 'slow');
    await enter(zinetd, 'quick');
    zinetd.signal('SIGTERM');
    expect(await exitOf(zinetd, 'quick')).toMatchObject({ signal: TERM, end: 'stopping' });
    client.halfClose();
    expect(await exitOf(zinetd, 'slow')).toMatchObject({ status: 0 });
    expect(await zinetd.ended).toBe(0);
  });

  test('kills who ignores TERM five seconds later, long before the grace period ends', async () => {
    const services = { deaf: { ...deaf, on_stop: 'terminate' } };
    const zinetd = await startZinetd({ config: { services }, args: ['--grace', '60s'] });
    await enter(zinetd, 'deaf');
    zinetd.signal('SIGTERM');
    expect(await exitOf(zinetd, 'deaf')).toMatchObject({ signal: KILL, end: 'stopping' });
    expect(await zinetd.ended).toBe(0);
  });
});
