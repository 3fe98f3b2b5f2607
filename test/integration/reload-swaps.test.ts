import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ask, Client, connect } from '../harness/client.ts';
import { datagramClient } from '../harness/datagram-client.ts';
import { handler } from '../harness/handler.ts';
import { scratch } from '../harness/scratch.ts';
import { socketInodes } from '../harness/socket-inode.ts';
import { freePort } from './free-port.ts';
import { goesOn, hold } from './held-client.ts';
import { echoAt, ReloadRun, type Settings } from './reload-run.ts';

/** A TCP port that somebody else listens on; `leave` ends that. */
async function taken(): Promise<{ readonly port: number; readonly leave: () => Promise<unknown> }> {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const address = server.address();
  const leave = (): Promise<unknown> => {
    const closed = once(server, 'close');
    server.close();
    return closed;
  };
  return { port: typeof address === 'object' && address ? address.port : 0, leave };
}

async function askAt(path: string): Promise<string> {
  const socket = createConnection({ path, allowHalfOpen: true });
  await once(socket, 'connect');
  onTestFinished(() => void socket.destroy());
  const client = new Client(socket);
  client.send('hello');
  client.halfClose();
  return client.readAll();
}

function datagramsAt(listen: string, settings: Settings = {}): Settings {
  return echoAt(listen, { wait: true, server: handler('datagrams'), server_args: ['4000'], ...settings });
}

describe('a reload', () => {
  test.each([
    ['a wildcard to one of its addresses', '0.0.0.0', '127.0.0.1'],
    ['an address to the wildcard', '127.0.0.1', '0.0.0.0'],
  ])('from %s swaps the sockets, and no client notices (DESIGN 7, S124)', async (_title, from, to) => {
    const port = await freePort();
    const run = await ReloadRun.of({ it: echoAt(`tcp://${from}:${port}`) });
    const client = await hold(port);
    const before = socketInodes(port);
    await run.reload({ it: echoAt(`tcp://${to}:${port}`) });
    expect(socketInodes(port)).toHaveLength(1);
    expect(socketInodes(port)).not.toEqual(before);
    expect(await ask(port, 'hello')).toBe('hello');
    await goesOn(client);
    expect(run.zinetd.log.count('listen-failed')).toBe(0);
    await run.reload({ it: echoAt(`tcp://${from}:${port}`) });
    expect(await ask(port, 'hello')).toBe('hello');
  });

  test('of options of a socket swaps it at its very address', async () => {
    const port = await freePort();
    const run = await ReloadRun.of({ it: echoAt(port) });
    const before = socketInodes(port);
    await run.reload({ it: echoAt(port, { no_delay: true }) });
    expect(socketInodes(port)).toHaveLength(1);
    expect(socketInodes(port)).not.toEqual(before);
    expect(await ask(port, 'hello')).toBe('hello');
  });

  test('of a backlog, of programs, or of an order leaves the socket (S124)', async () => {
    const [port, other] = [await freePort(), await freePort()];
    const run = await ReloadRun.of({ it: echoAt(port), other: echoAt(other) });
    const before = [socketInodes(port), socketInodes(other)];
    await run.reload({ other: echoAt(other), it: echoAt(port, { backlog: 7 }) });
    await run.reload({ it: echoAt(port, { server: handler('sleeper') }), other: echoAt(other) });
    expect([socketInodes(port), socketInodes(other)]).toEqual(before);
    expect(run.zinetd.log.count('closed')).toBe(0);
  });

  test('that renames a service leaves it its socket, with the clients that wait in it (S124)', async () => {
    const port = await freePort();
    const policies = { policies: { instances: 'queue' } };
    const run = await ReloadRun.of({ it: echoAt(port, { instances: 1, ...policies }) });
    const before = socketInodes(port);
    const first = await hold(port);
    const second = await connect(port);
    second.send('hello');
    second.halfClose();
    await run.reload({ heir: echoAt(port, { instances: 2, ...policies }) });
    expect(socketInodes(port)).toEqual(before);
    expect(await second.readAll()).toBe('hello');
    await goesOn(first);
  });

  test('gives datagrams to the new socket, while a handler still has the old one', async () => {
    const port = await freePort();
    const at = `udp://127.0.0.1:${port}`;
    const run = await ReloadRun.of({ it: datagramsAt(at) });
    const client = await datagramClient(port);
    const ofWhom = async (text: string): Promise<string | undefined> => {
      await client.send(text);
      return (await client.answer()).split(' ')[0];
    };
    const old = await ofWhom('one');
    await run.reload({ it: datagramsAt(at, { receive_buffer: '64k' }) });
    expect(socketInodes(port, 'udp')).toHaveLength(2);
    expect(await ofWhom('two')).not.toBe(old);
    await run.zinetd.event('exited');
    await run.zinetd.event('exited');
    expect(socketInodes(port, 'udp')).toHaveLength(1);
  });

  test('of the mode of a unix socket swaps it, and leaves nothing beside it', async () => {
    const path = join(scratch('sockets'), 'echo');
    const at = `unix://${path}`;
    const run = await ReloadRun.of({ it: echoAt(at, { socket_mode: '0600' }) });
    expect(await askAt(path)).toBe('hello');
    await run.reload({ it: echoAt(at, { socket_mode: '0666' }) });
    expect(statSync(path).mode & 0o777).toBe(0o666);
    expect(await askAt(path)).toBe('hello');
    expect(existsSync(`${path}.leaving`)).toBe(false);
    // Whoever asks whether anybody listens there becomes a client.
    for (let client = 0; client < 2; client++) await run.zinetd.event('exited');
    expect(run.zinetd.log.count('started')).toBe(2);
  });

  test('of the type of a unix socket swaps it, too', async () => {
    const path = join(scratch('sockets'), 'echo');
    const run = await ReloadRun.of({ it: echoAt(`unix-seqpacket://${path}`) });
    const { ino } = statSync(path);
    await run.reload({ it: echoAt(`unix://${path}`) });
    expect(statSync(path).ino).not.toBe(ino);
    expect(existsSync(`${path}.leaving`)).toBe(false);
    expect(await askAt(path)).toBe('hello');
  });

  test('that cannot open one socket gives back all that were swapped, and says which (promise 4, promise 8)', async () => {
    const [port, udp, added] = [await freePort(), await freePort(), await freePort()];
    const path = join(scratch('sockets'), 'echo');
    const { port: foreign, leave } = await taken();
    const before = {
      it: echoAt(`tcp://0.0.0.0:${port}`),
      datagrams: datagramsAt(`udp://127.0.0.1:${udp}`),
      local: echoAt(`unix://${path}`),
    };
    const after = {
      added: echoAt(added),
      it: echoAt(port),
      datagrams: datagramsAt(`udp://0.0.0.0:${udp}`),
      local: echoAt(`unix://${path}`, { socket_mode: '0666' }),
      last: echoAt(foreign),
    };
    const run = await ReloadRun.of(before);
    const sockets = () => [socketInodes(port), socketInodes(udp, 'udp'), statSync(path).ino];
    const there = sockets();
    const client = await hold(port);
    expect(await run.reloadBadly(after)).toMatchObject({
      ...{ reason: 'listen', service: 'last', local: { port: foreign }, error: 'EADDRINUSE' },
      message: expect.stringContaining('another program has that address'),
    });
    expect(sockets()).toEqual(there);
    expect(existsSync(`${path}.leaving`)).toBe(false);
    expect(await ask(port, 'hello')).toBe('hello');
    expect(await askAt(path)).toBe('hello');
    expect(socketInodes(added)).toEqual([]);
    await goesOn(client);
    expect(run.zinetd.log.count('closed')).toBe(0);
    await leave();
    await run.reload(after);
    expect(await ask(foreign, 'hello')).toBe('hello');
    await run.reload(before);
  });

  test('keeps a listener that could not be opened before either, and opens it once it can be had', async () => {
    const [port, { port: foreign, leave }] = [await freePort(), await taken()];
    const run = await ReloadRun.of({ it: echoAt(port), waits: echoAt(foreign) });
    await run.zinetd.event('listen-failed');
    await run.reload({ it: echoAt(port, { nice: 1 }), waits: echoAt(foreign) });
    await leave();
    await run.reload({ it: echoAt(port), waits: echoAt(foreign) });
    await run.zinetd.event(({ event, service }) => event === 'listening' && service === 'waits');
    expect(await ask(foreign, 'hello')).toBe('hello');
    await run.reload({ it: echoAt(port) });
  });

  test('of a socket that cannot be swapped is refused with what to do instead (promise 8)', async () => {
    const name = `@zinetd-test-${process.pid}`;
    const at = `unix://${name}`;
    const run = await ReloadRun.of({ it: echoAt(at) });
    expect(await run.reloadBadly({ it: echoAt(at, { receive_buffer: '64k' }) })).toMatchObject({
      ...{ reason: 'listen', service: 'it', error: 'EADDRINUSE' },
      message: expect.stringContaining('restart it'),
    });
    expect(run.zinetd.log.count('closed')).toBe(0);
  });

  test('of something else leaves a unix socket where it is', async () => {
    const directory = scratch('sockets');
    const run = await ReloadRun.of({ it: echoAt(`unix://${join(directory, 'one')}`) });
    const services = { it: echoAt(`unix://${join(directory, 'one')}`), other: echoAt(await freePort()) };
    await run.reload(services);
    expect(await askAt(join(directory, 'one'))).toBe('hello');
    await run.reload({ it: echoAt(`unix://${join(directory, 'one')}`) });
  });
});
