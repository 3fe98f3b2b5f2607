import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import { createConnection, createServer } from 'node:net';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ask, connect } from '../harness/client.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';

function start(ident: Readonly<Record<string, unknown>> = {}, listen = 'tcp://127.0.0.1:0'): Promise<Zinetd> {
  return startZinetd({ config: { services: { ident: { listen, builtin: 'ident', ident } } } });
}

/** A connection of this very process over loopback: which of its ends is asked for does not matter. */
async function connection(host = '127.0.0.1'): Promise<{ readonly local: number; readonly peer: number }> {
  const server = createServer(() => {}).listen(0, host);
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const socket: Socket = createConnection({ port, host });
  onTestFinished(() => {
    socket.destroy();
    server.close();
  });
  await new Promise((resolve) => socket.once('connect', resolve));
  return { local: socket.localPort ?? 0, peer: port };
}

describe('ident (RFC 1413)', () => {
  test('says an error or the fallback of everybody, and ends', async () => {
    const plain = await start();
    expect(await ask(plain.port('ident'), '22, 4000\r\n')).toBe('22 , 4000 : ERROR : UNKNOWN-ERROR\r\n');
    const named = await start({ fallback: 'joe', os: 'OTHER' });
    expect(await ask(named.port('ident'), '22, 4000\r\n')).toBe('22 , 4000 : USERID : OTHER : joe\r\n');
  });

  test('says another token each time (FreeBSD -g)', async () => {
    const zinetd = await start({ random: true });
    const tokens = [
      await ask(zinetd.port('ident'), '22, 4000\r\n'),
      await ask(zinetd.port('ident'), '22, 4000\r\n'),
    ];
    for (const token of tokens) expect(token).toMatch(/^22 , 4000 : USERID : UNIX : [0-9a-f]{16}\r\n$/);
    expect(tokens[0]).not.toBe(tokens[1]);
  });

  test('reads a thousand characters at most, whatever comes (S17, S92)', async () => {
    const zinetd = await start();
    const client = await connect(zinetd.port('ident'));
    client.send('1'.repeat(10_000));
    expect(await client.readUntil('\r\n')).toBe('0 , 0 : ERROR : INVALID-PORT\r\n');
    await client.ended();
  });

  test('waits for a line as long as "timeout" says, however little is sent in between (S79, S93)', async () => {
    const zinetd = await start({ timeout: '300ms' });
    const client = await connect(zinetd.port('ident'));
    client.send('22, ');
    expect(await client.readAll()).toBe('');
    expect(await zinetd.event('exited')).toMatchObject({ end: expect.stringMatching(/time|idle/) });
  });
});

describe('ident with real users (FreeBSD -r)', () => {
  const { uid } = userInfo();
  const { username } = userInfo();

  test.each([
    ['tcp://127.0.0.1:0', '127.0.0.1'],
    ['tcp://[::1]:0', '::1'],
    ['tcp46://[::]:0', '127.0.0.1'],
  ])('on %s says whose a connection from %s is, and that there is none', async (listen, host) => {
    const zinetd = await start({ real: true }, listen);
    const { local, peer } = await connection(host);
    const port = zinetd.port('ident');
    const askOf = async (line: string) => {
      const client = await connect(port, { host });
      client.send(line);
      return client.readAll();
    };
    expect(await askOf(`${local}, ${peer}\r\n`)).toBe(`${local} , ${peer} : USERID : UNIX : ${username}\r\n`);
    expect(await askOf(`${peer}, ${local}\r\n`)).toBe(`${peer} , ${local} : USERID : UNIX : ${username}\r\n`);
    expect(await askOf(`${peer}, 1\r\n`)).toBe(`${peer} , 1 : ERROR : NO-USER\r\n`);
  });

  test('says the number, or the fallback of a connection that is not there', async () => {
    const zinetd = await start({ real: true, numeric: true, fallback: 'joe' });
    const { local, peer } = await connection();
    expect(await ask(zinetd.port('ident'), `${local}, ${peer}\r\n`)).toContain(
      ` : USERID : UNIX : ${uid}\r\n`,
    );
    expect(await ask(zinetd.port('ident'), `${local}, 1\r\n`)).toContain(' : USERID : UNIX : joe\r\n');
  });

  test('hides a user who wants it, or where nobody may look (FreeBSD -n)', async () => {
    const path = join(homedir(), '.noident');
    mkdirSync(homedir(), { recursive: true });
    writeFileSync(path, '');
    onTestFinished(() => rmSync(path));
    const zinetd = await start({ real: true, noident: true, fallback: 'joe' });
    const { local, peer } = await connection();
    expect(await ask(zinetd.port('ident'), `${local}, ${peer}\r\n`)).toBe(
      `${local} , ${peer} : ERROR : HIDDEN-USER\r\n`,
    );
  });

  test.each(['fakeid', 'any_fakeid'])(
    'does not start with "%s", for which it would read home directories',
    async (name) => {
      const ident = { listen: 'tcp://127.0.0.1:0', builtin: 'ident', ident: { real: true, [name]: true } };
      const zinetd = await startZinetd({ config: { services: { ident } }, expectFailure: true });
      expect(await zinetd.ended).toBe(1);
      expect(zinetd.stderr).toContain('nothing of zinetd may read home directories');
    },
  );
});
