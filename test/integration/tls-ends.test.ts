import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { handler } from '../harness/handler.ts';
import { program } from '../harness/program.ts';
import { askTls, connectTls, readAll } from '../harness/tls-client.ts';
import { freePort } from './free-port.ts';
import { hear, MEGABYTE, say } from './relay-ends.ts';
import { Secured, warmUp } from './secured.ts';
import { Upgraded } from './upgraded.ts';

const BYTES = 8 * MEGABYTE;
const echo = { server: handler('echo') };

/** Serves everybody what it hears, until it is ended. */
const DAEMON = `
import socket, sys, threading
s = socket.create_server(("127.0.0.1", int(sys.argv[1])))
def serve(c):
    while data := c.recv(65536):
        c.sendall(data)
    c.close()
while True:
    threading.Thread(target=serve, args=(s.accept()[0],), daemon=True).start()
`;

describe('sessions of TLS', () => {
  test('that are under way at a stop are carried to their end, unchanged (promise 7)', async () => {
    const secured = new Secured();
    const zinetd = await secured.start({}, echo, { args: ['--grace', '30s'] });
    const client = await connectTls(zinetd.port('it'), { ca: secured.ca });
    const late = await connectTls(zinetd.port('it'), { ca: secured.ca });
    const heard = hear(client, MEGABYTE);
    const first = once(client, 'data');
    const said = say(client, BYTES);
    await first;
    zinetd.signal('SIGTERM');
    expect(await zinetd.event('stopping')).toMatchObject({ running: 2 });
    await expect(connectTls(zinetd.port('it'), { ca: secured.ca })).rejects.toThrow();
    expect(await heard).toBe(await said);
    late.end('the last words');
    expect(await readAll(late)).toBe('the last words');
    expect(await zinetd.ended).toBe(0);
    expect(zinetd.log.all.at(-1)).toMatchObject({ event: 'stopped', killed: 0 });
  });

  test('that are not through yet at a stop end as a handshake that comes to nothing', async () => {
    const secured = new Secured();
    const zinetd = await secured.start({ handshake_timeout: '1h' }, echo);
    const held = await connectTls(zinetd.port('it'), { ca: secured.ca });
    const silent = await secured.silent(zinetd);
    zinetd.signal('SIGTERM');
    expect(await zinetd.event('failed')).toMatchObject({ reason: 'stopping' });
    await silent.ended();
    held.end('said');
    expect(await readAll(held)).toBe('said');
    expect(await zinetd.ended).toBe(0);
  });

  test('end with an upgrade: what was heard by then is what was said, and others are served at once', async () => {
    const secured = new Secured();
    const upgraded = new Upgraded();
    const zinetd = await upgraded.start({ it: secured.service({}, echo) });
    await warmUp(zinetd);
    const client = await connectTls(zinetd.port('it'), { ca: secured.ca });
    const bytes = randomBytes(MEGABYTE);
    const heard: Buffer[] = [];
    client.on('data', (piece: Buffer) => heard.push(piece));
    const closed = once(client, 'close');
    client.write(bytes);
    while (Buffer.concat(heard).length < bytes.length) await once(client, 'data');
    client.write(bytes);
    upgraded.newVersion();
    expect((await upgraded.upgrade()).error).toBeUndefined();
    expect(await zinetd.event('upgraded')).toMatchObject({ version: '9.9.9' });
    client.on('error', () => {}).end();
    await closed;
    const all = Buffer.concat(heard);
    expect(Buffer.concat([bytes, bytes]).subarray(0, all.length).equals(all)).toBe(true);
    // Its handler has heard the end, and ends as it does for everybody who goes.
    expect(await zinetd.event('exited')).toMatchObject({ service: 'it' });
    expect(await askTls(zinetd.port('it'), 'next', { ca: secured.ca })).toBe('next');
    await warmUp(zinetd);
  }, 60_000);

  test('share a daemon that is there on demand, and it ends when the last of them does', async () => {
    const secured = new Secured();
    const port = await freePort();
    const zinetd = await secured.start(
      {},
      {
        ...{ server: program('python3'), server_args: ['-c', DAEMON, String(port)] },
        ...{ redirect: `tcp://127.0.0.1:${port}`, idle_stop: '300ms' },
      },
    );
    const isOfDaemon = ({ event, pid }: { event: string; pid?: number }): boolean =>
      event === 'exited' && pid !== undefined;
    for (let round = 0; round < 2; round++) {
      const clients = await Promise.all([1, 2].map(() => connectTls(zinetd.port('it'), { ca: secured.ca })));
      const heard = clients.map((client) => hear(client, MEGABYTE));
      const said = await Promise.all(clients.map((client) => say(client, BYTES)));
      expect(await Promise.all(heard)).toEqual(said);
      expect(await zinetd.event(isOfDaemon)).toMatchObject({ signal: 15, end: 'idle' });
    }
    const starts = zinetd.log.all.filter(({ event, pid }) => event === 'started' && pid !== undefined);
    expect(starts).toHaveLength(2);
  });

  test('with a daemon on demand end at a stop, and the daemon with them; nothing is heard but what was said', async () => {
    const secured = new Secured();
    const port = await freePort();
    const zinetd = await secured.start(
      {},
      {
        ...{ server: program('python3'), server_args: ['-c', DAEMON, String(port)] },
        ...{ redirect: `tcp://127.0.0.1:${port}`, idle_stop: '1h' },
      },
    );
    const client = await connectTls(zinetd.port('it'), { ca: secured.ca });
    const bytes = randomBytes(MEGABYTE);
    client.write(bytes);
    const heard: Buffer[] = [];
    client.on('error', () => {}).on('data', (piece: Buffer) => heard.push(piece));
    while (Buffer.concat(heard).length < bytes.length) await once(client, 'data');
    zinetd.signal('SIGTERM');
    expect(await zinetd.ended).toBe(0);
    expect(Buffer.concat(heard).equals(bytes)).toBe(true);
    expect(zinetd.log.count('exited')).toBe(zinetd.log.count('started'));
  });
});
