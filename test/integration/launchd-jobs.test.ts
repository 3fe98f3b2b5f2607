import { mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { job } from '../convert/launchd/convert-text.ts';
import { ask } from '../harness/client.ts';
import { handler } from '../harness/handler.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd } from '../harness/start-zinetd.ts';
import { freePort } from './free-port.ts';

const USER = userInfo().username;

/** A job on a port of this machine. */
function echoJob(label: string, port: number, more: object = {}): string {
  const Sockets = { Listeners: { SockNodeName: '127.0.0.1', SockServiceName: String(port) } };
  return job({ Label: label, UserName: USER, ProgramArguments: [handler('echo')], Sockets, ...more });
}

describe('run --format launchd', () => {
  test('serves the jobs of a directory, and leaves out what is wrong, with its place', async () => {
    const port = await freePort();
    const file = join(scratch('launchd'), 'LaunchDaemons');
    mkdirSync(file);
    writeFileSync(join(file, 'good.plist'), echoJob('good', port), { mode: 0o644 });
    writeFileSync(join(file, 'off.plist'), echoJob('off', port, { Disabled: true }), { mode: 0o644 });
    writeFileSync(join(file, 'bad.plist'), echoJob('bad', port, { Nice: '5' }), { mode: 0o644 });
    writeFileSync(join(file, 'README'), 'nonsense', { mode: 0o644 });
    const zinetd = await startZinetd({ foreign: { format: 'launchd', file } });
    expect(await ask(port, 'hello')).toBe('hello');
    expect(await zinetd.event('listening')).toMatchObject({ service: 'good' });
    expect(zinetd.stderr).toMatch(/bad\.plist:\d+:\d+: error\[launchd\/type\]/);
    expect(zinetd.stderr).toMatch(/off\.plist:\d+:\d+: warning\[launchd\/disabled\]/);
  });

  test('gives programs the variables of the job', async () => {
    const port = await freePort();
    const file = join(scratch('launchd'), 'x.plist');
    const ProgramArguments = ['/bin/sh', '-c', 'echo "$A $PATH"'];
    writeFileSync(file, echoJob('x', port, { ProgramArguments, EnvironmentVariables: { A: 'b' } }), {
      mode: 0o644,
    });
    await startZinetd({ foreign: { format: 'launchd', file } });
    expect(await ask(port, '')).toBe('b /usr/bin:/bin:/usr/sbin:/sbin\n');
  });
});
