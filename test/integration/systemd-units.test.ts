import { writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ask, connect } from '../harness/client.ts';
import { handler } from '../harness/handler.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { freePort } from './free-port.ts';

const USER = `User=${userInfo().username}`;

/** A directory of units, run as it is. */
async function start(
  units: Readonly<Record<string, readonly string[]>>,
): Promise<{ zinetd: Zinetd; directory: string }> {
  const directory = scratch('units');
  for (const [name, lines] of Object.entries(units)) {
    writeFileSync(join(directory, name), `${lines.join('\n')}\n`, { mode: 0o644 });
  }
  return { zinetd: await startZinetd({ foreign: { format: 'systemd', file: directory } }), directory };
}

function variablesIn(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(text.split('\n').map((line) => line.split('=', 2)));
}

describe('run --format systemd', () => {
  test('serves Accept=yes with what the unit says, and its limits (promise 6)', async () => {
    const port = await freePort();
    const file = join(scratch('variables'), 'variables');
    writeFileSync(file, 'WORDS="%s with"\n', { mode: 0o644 });
    const { zinetd } = await start({
      'it.socket': ['[Socket]', `ListenStream=127.0.0.1:${port}`, 'Accept=yes', 'MaxConnections=1'],
      'it@.service': [
        ...['[Service]', USER, 'StandardInput=socket', 'StandardError=journal', 'Environment=ADDED=yes'],
        ...[
          `EnvironmentFile=${file}`,
          `ExecStart=-/bin/sh -c 'printenv; echo "$1 $2"; read line' sh \\`,
          '  $WORDS',
        ],
      ],
    });
    const first = await connect(port);
    const told = await first.readUntil('%s with\n');
    expect(variablesIn(told)).toMatchObject({
      ...{ REMOTE_ADDR: '127.0.0.1', REMOTE_PORT: expect.stringMatching(/^\d+$/), ADDED: 'yes' },
      ...{ USER: userInfo().username, PATH: expect.stringContaining('/usr/bin') },
    });
    expect(await ask(port, '')).toBe('');
    expect(await zinetd.event('refused')).toMatchObject({ service: 'it', reason: 'service_limit' });
    first.halfClose();
  });

  test('hands the socket of Accept=no over as inetd does, or by LISTEN_FDS, as the unit says', async () => {
    const [inetd, listed] = [await freePort(), await freePort()];
    const python = `import os, socket; c, _ = socket.socket(fileno=3).accept(); c.sendall(os.environ["LISTEN_FDS"].encode())`;
    await start({
      'inetd.socket': ['[Socket]', `ListenStream=127.0.0.1:${inetd}`],
      'inetd.service': ['[Service]', USER, 'StandardInput=socket', `ExecStart=${handler('acceptor')} 100 1`],
      'listed.socket': ['[Socket]', `ListenStream=127.0.0.1:${listed}`, 'Service=other.service'],
      'other.service': ['[Service]', USER, `ExecStart=/usr/bin/python3 -c '${python}'`],
    });
    expect(await ask(inetd, '')).toMatch(/^\d+ listening blocking\n$/);
    expect(await ask(listed, '')).toBe('1');
  });

  test('leaves out what cannot be said, and keeps what it has when nothing is left (promise 4)', async () => {
    const port = await freePort();
    const { zinetd, directory } = await start({
      'it.socket': ['[Socket]', `ListenStream=127.0.0.1:${port}`, 'Accept=yes'],
      'it@.service': ['[Service]', USER, 'StandardInput=socket', `ExecStart=${handler('echo')}`],
      'bad.socket': ['[Socket]', 'ListenStream=@bad', 'Accept=yes'],
      'bad@.service': ['[Service]', USER, 'StandardInput=null', `ExecStart=${handler('echo')}`],
    });
    expect(await ask(port, 'hello')).toBe('hello');
    expect(zinetd.stderr).toMatch(/bad@\.service:3:15: error\[systemd\/descriptor\]/);
    writeFileSync(join(directory, 'it@.service'), '[Service\n', { mode: 0o644 });
    zinetd.signal('SIGHUP');
    expect(await zinetd.event('reload-failed')).toMatchObject({ reason: 'invalid' });
    expect(await ask(port, 'hello')).toBe('hello');
  });
});
