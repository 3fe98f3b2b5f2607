import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { socketOption } from '../../src/model/socket-option.ts';
import { loadService } from '../config/load-text.ts';
import { ask, connect } from '../harness/client.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { scratch } from '../harness/scratch.ts';
import { type StartOptions, startZinetd } from '../harness/start-zinetd.ts';
import { until } from '../harness/until.ts';

const user = isRoot ? { user: 'nobody' } : {};

/** What a handler finds on its connection; the service is called `it`. */
async function optionsOf(
  settings: Readonly<Record<string, unknown>>,
  options: Partial<StartOptions> = {},
): Promise<string> {
  const it = { listen: 'tcp://127.0.0.1:0', server: handler('socket-options'), ...user, ...settings };
  const zinetd = await startZinetd({ config: { services: { it } }, ...options });
  return ask(zinetd.port('it'));
}

/** The same, by a rule of hosts.allow with these options. */
function optionsOfRule(options: string): Promise<string> {
  const allow = join(scratch('hosts'), 'hosts.allow');
  writeFileSync(allow, `ALL: ALL: ${options}\n`);
  return optionsOf({ keepalive: false, hosts_access: { allow, deny: '/nonexistent' } });
}

describe('the connection of a handler', () => {
  test.each([
    ['is kept alive unless the configuration says otherwise (S81)', {}, 'keepalive 1, linger 0 0\n'],
    ['is as the kernel makes it with keepalive off', { keepalive: false }, 'keepalive 0, linger 0 0\n'],
  ])('%s', async (_title, settings, options) => {
    expect(await optionsOf(settings)).toBe(options);
  });

  test.each([
    ['keepalive', 'keepalive 1, linger 0 0\n'],
    ['linger 7', 'keepalive 0, linger 1 7\n'],
    ['linger 99999', 'keepalive 0, linger 1 99999\n'],
    ['linger 0', 'keepalive 0, linger 0 0\n'],
    ['keepalive : linger 7', 'keepalive 1, linger 1 7\n'],
  ])('is as hosts.allow says with the option "%s"', async (rule, options) => {
    expect(await optionsOfRule(rule)).toBe(options);
  });
});

const run = promisify(execFile);
const PYTHON = '/usr/bin/python3';

/** Says what is set on the connection, which has it from its listener. */
const LOOK = `
import json, socket
s = socket.socket(fileno=0)
o = s.getsockopt
n = lambda level, name: o(level, name)
print(json.dumps({
  "no_delay": n(6, 1), "receive_buffer": n(1, 8), "send_buffer": n(1, 7), "mark": n(1, 36), "tos": n(0, 1),
  "device": o(1, 25, 16).rstrip(b"\\0").decode(), "free_bind": n(0, 15), "transparent": n(0, 19), "keepalive": n(1, 9),
  "protocol": n(1, 38), "idle": n(6, 4), "traffic_class": n(41, 67) if s.family == socket.AF_INET6 else None,
}))
`;
const looker = { server: PYTHON, server_args: ['-c', LOOK], ...user };

async function listenerOptionsOf(
  settings: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, unknown>>> {
  const it = { listen: 'tcp://127.0.0.1:0', ...looker, ...settings };
  const zinetd = await startZinetd({ config: { services: { it } } });
  return JSON.parse(await ask(zinetd.port('it'))) as Readonly<Record<string, unknown>>;
}

describe('connections have from their listener', () => {
  test('nothing but keepalive by default', async () => {
    const options = await listenerOptionsOf({});
    expect(options).toMatchObject({
      no_delay: 0,
      mark: 0,
      tos: 0,
      device: '',
      free_bind: 0,
      transparent: 0,
      keepalive: 1,
    });
  });

  test('no_delay, buffers, tos, free_bind and the interface', async () => {
    const settings = { no_delay: true, receive_buffer: '64k', send_buffer: 40_000, tos: 16, free_bind: true };
    const options = await listenerOptionsOf({ ...settings, bind_to_device: 'lo' });
    expect(options).toMatchObject({ no_delay: 1, tos: 16, free_bind: 1, device: 'lo' });
    // The kernel doubles them: socket(7).
    expect(options).toMatchObject({ receive_buffer: 131_072, send_buffer: 80_000 });
  });

  test.runIf(isRoot)('mark and transparent, which only root can set', async () => {
    expect(await listenerOptionsOf({ mark: 7, transparent: true })).toMatchObject({
      mark: 7,
      transparent: 1,
    });
  });

  test.runIf(existsSync('/proc/sys/net/mptcp/enabled'))(
    'Multipath TCP where the client speaks it',
    async () => {
      const it = { listen: 'tcp://127.0.0.1:0', ...looker, mptcp: true };
      const zinetd = await startZinetd({ config: { services: { it } } });
      const client = `
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_STREAM, int(sys.argv[2]))
s.connect(("127.0.0.1", int(sys.argv[1])))
print(s.makefile().read())
`;
      const ask = async (protocol: number): Promise<unknown> => {
        const { stdout } = await run(PYTHON, ['-c', client, String(zinetd.port('it')), String(protocol)]);
        return JSON.parse(stdout).protocol;
      };
      expect(await ask(262)).toBe(262);
      expect(await ask(6)).toBe(6);
    },
  );
  test('have the options that no connection shows', () => {
    const options = (settings: Readonly<Record<string, unknown>>) =>
      loadService(settings).listeners[0]?.options;
    expect(options({ defer_accept: '10s' })).toContainEqual(socketOption('deferAccept', 10));
    expect(options({ listen: 'udp://[::1]:0', tos: 8 })).toContainEqual(socketOption('trafficClass', 8));
    expect(options({ listen: 'udp://127.0.0.1:0', mark: 3 })).toContainEqual(socketOption('mark', 3));
  });

  test.runIf(existsSync('/usr/bin/ss') || existsSync('/bin/ss'))('backlog', async () => {
    const it = { listen: 'tcp://127.0.0.1:0', ...looker, backlog: 77 };
    const zinetd = await startZinetd({ config: { services: { it } } });
    const { stdout } = await run('ss', ['-Hltn', `sport = :${zinetd.port('it')}`]);
    expect(stdout.split(/\s+/)[2]).toBe('77');
  });

  test('defer_accept: a client that says nothing has no handler yet', async () => {
    const it = { listen: 'tcp://127.0.0.1:0', server: '/bin/cat', ...user, defer_accept: '60s' };
    const zinetd = await startZinetd({ config: { services: { it } } });
    const silent = await connect(zinetd.port('it'));
    expect(await ask(zinetd.port('it'), 'x')).toBe('x');
    await zinetd.event('exited');
    expect(zinetd.log.count('started')).toBe(1);
    silent.send('y');
    await silent.readUntil('y');
    await until(() => zinetd.log.count('started') === 2, { what: 'the handler of the client that spoke' });
    silent.socket.destroy();
  });
});
