import { renameSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ask } from '../harness/client.ts';
import { handler } from '../harness/handler.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { freePort } from './free-port.ts';

const USER = userInfo().username;

function service(name: string, port: number, more = ''): string {
  const own = ['type = UNLISTED', 'socket_type = stream', 'protocol = tcp', 'wait = no', 'flags = IPv4'];
  const lines = [...own, `user = ${USER}`, `server = ${handler('echo')}`, `port = ${port}`, more];
  return `service ${name}\n{\n${lines.join('\n')}\n}\n`;
}

/** A file that is replaced in one step. */
function rewrite(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o644 });
  renameSync(`${file}.new`, file);
}

async function start(text: string): Promise<{ zinetd: Zinetd; file: string }> {
  const file = join(scratch('xinetd'), 'xinetd.conf');
  rewrite(file, text);
  return { zinetd: await startZinetd({ foreign: { format: 'xinetd', file } }), file };
}

describe('run --format xinetd', () => {
  test('serves the others where one service is wrong, which is told with its place', async () => {
    const port = await freePort();
    const { zinetd } = await start(`${service('bad', port, 'nice = abc')}${service('good', port)}`);
    expect(await ask(port, 'hello')).toBe('hello');
    expect(zinetd.stderr).toMatch(/xinetd\.conf:11:8: error\[xinetd\/value\]/);
  });

  test('gives an address to the first service that wants it, and leaves the second out', async () => {
    const port = await freePort();
    const { zinetd } = await start(`${service('first', port)}${service('second', port)}`);
    expect(await ask(port, 'hello')).toBe('hello');
    expect(await zinetd.event('listening')).toMatchObject({ service: 'first' });
    expect(zinetd.stderr).toMatch(/xinetd\.conf:22:8: error\[config\/duplicate-listener\]/);
  });

  test('does not start with no service left, and ends with 1', async () => {
    const file = join(scratch('xinetd'), 'xinetd.conf');
    rewrite(file, service('off', 7918, 'disable = yes'));
    const zinetd = await startZinetd({ foreign: { format: 'xinetd', file }, expectFailure: true });
    expect(await zinetd.ended).toBe(1);
    expect(zinetd.stderr).toContain('Cannot find an active service');
  });

  test.each([
    ['an error in "defaults"', (port: number) => `defaults\n{\ninstances = many\n}\n${service('it', port)}`],
    ['no service left', (port: number) => service('it', port, 'disable = yes')],
  ])('keeps what it has when it reads the file again and finds %s (promise 4)', async (_, changed) => {
    const port = await freePort();
    const { zinetd, file } = await start(service('it', port));
    rewrite(file, changed(port));
    zinetd.signal('SIGHUP');
    expect(await zinetd.event('reload-failed')).toMatchObject({ reason: 'invalid' });
    expect(await ask(port, 'hello')).toBe('hello');
    rewrite(file, service('it', port));
    zinetd.signal('SIGHUP');
    expect(await zinetd.event('reloaded')).toMatchObject({ services: 1 });
  });
});
