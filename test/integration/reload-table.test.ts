import { describe, expect, test } from 'vitest';
import { ask, connect } from '../harness/client.ts';
import { datagramClient } from '../harness/datagram-client.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { descriptorCountOf } from '../harness/processes.ts';
import { ServicesFile } from '../harness/services-file.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { freePort } from './free-port.ts';
import { isListeningOn } from './listening-on.ts';

const RELOADS = 6;

type Settings = Readonly<Record<string, unknown>>;

function echo(settings: Settings = {}): Settings {
  const user = isRoot ? { user: 'nobody' } : {};
  return { listen: 'tcp://127.0.0.1:0', server: handler('echo'), ...user, ...settings };
}

async function reload(zinetd: Zinetd): Promise<void> {
  zinetd.signal('SIGHUP');
  await zinetd.event('reloaded');
}

describe('a reload of another launch table', () => {
  test('serves a service that is new, and goes on with those that were there (promise 4)', async () => {
    const file = new ServicesFile({ old: echo() });
    const zinetd = await startZinetd({ config: file.config });
    const port = zinetd.port('old');
    const client = await connect(port);
    client.send('before ');
    await client.readUntil('before ');
    file.write({ new: echo(), old: echo() });
    await reload(zinetd);
    expect(await ask(zinetd.port('new'), 'hello')).toBe('hello');
    expect(await ask(port, 'hello')).toBe('hello');
    client.send('after');
    client.halfClose();
    expect(await client.readAll()).toBe('before after');
    await zinetd.stop(); // it has one listener more than at the start
  });

  test('moves a service to another port, and leaves the first (promise 4)', async () => {
    const [first, second] = [await freePort(), await freePort()];
    const file = new ServicesFile({ it: echo({ listen: `tcp://127.0.0.1:${first}` }) });
    const zinetd = await startZinetd({ config: file.config });
    file.write({ it: echo({ listen: `tcp://127.0.0.1:${second}` }) });
    await reload(zinetd);
    expect(isListeningOn(first)).toBe(false);
    expect(await ask(second, 'hello')).toBe('hello');
  });

  test('of a wildcard to one of its addresses needs no restart (FEATURES 1.4)', async () => {
    const port = await freePort();
    const file = new ServicesFile({ it: echo({ listen: `tcp://0.0.0.0:${port}` }) });
    const zinetd = await startZinetd({ config: file.config });
    file.write({ it: echo({ listen: `tcp://127.0.0.1:${port}` }) });
    await reload(zinetd);
    expect(await ask(port, 'hello')).toBe('hello');
  });

  test('lets the handler of a service that is gone run to its end (promise 4, promise 7)', async () => {
    const file = new ServicesFile({ gone: echo(), kept: echo() });
    const zinetd = await startZinetd({ config: file.config, lossy: true });
    const client = await connect(zinetd.port('gone'));
    client.send('before ');
    await client.readUntil('before ');
    file.write({ kept: echo() });
    await reload(zinetd);
    client.send('after');
    client.halfClose();
    expect(await client.readAll()).toBe('before after');
    expect(await zinetd.event('exited')).toMatchObject({ service: 'gone', status: 0 });
    await zinetd.stop(); // it has one listener less than at the start
  });

  test('leaves the socket of a service that waits to the handler that has it (promise 4, S144)', async () => {
    const waiting = echo({
      listen: 'udp://127.0.0.1:0',
      wait: true,
      server: handler('datagrams'),
      server_args: ['4000'],
    });
    const file = new ServicesFile({ waiting });
    const zinetd = await startZinetd({ config: file.config });
    const client = await datagramClient(zinetd.port('waiting'));
    await client.send('before');
    const [pid] = (await client.answer()).split(' ');
    file.write({ another: echo({ listen: 'udp://127.0.0.1:0', wait: true }), waiting });
    await reload(zinetd);
    await client.send('after');
    expect((await client.answer()).split(' ')[0]).toBe(pid);
    expect(await zinetd.event('exited')).toMatchObject({ service: 'waiting', status: 0 });
    await client.send('again');
    expect((await client.answer()).split(' ')[0]).not.toBe(pid);
    await zinetd.event('exited');
    await zinetd.stop(); // it has one listener more than at the start
  });

  test('refuses no client, and leaves nothing behind, however often it happens (promise 4, B1)', async () => {
    const file = new ServicesFile({ it: echo() });
    const zinetd = await startZinetd({ config: file.config });
    const port = zinetd.port('it');
    const before = descriptorCountOf(zinetd.pid);
    for (let count = 0; count < RELOADS; count++) {
      file.write({ it: echo({ nice: count % 2 }) });
      zinetd.signal('SIGHUP');
      const reloaded = zinetd.event('reloaded');
      for (let asked = 0; asked < 5; asked++) expect(await ask(port, 'hello')).toBe('hello');
      await reloaded;
    }
    expect(descriptorCountOf(zinetd.pid)).toBe(before);
  });

  test('that is wrong keeps everything as it is (promise 4)', async () => {
    const file = new ServicesFile({ it: echo() });
    const zinetd = await startZinetd({ config: file.config });
    file.write({ it: echo(), other: { listen: 'tcp://127.0.0.1:0' } });
    zinetd.signal('SIGHUP');
    expect(await zinetd.event('reload-failed')).toMatchObject({ reason: 'invalid' });
    expect(await ask(zinetd.port('it'), 'hello')).toBe('hello');
  });
});
