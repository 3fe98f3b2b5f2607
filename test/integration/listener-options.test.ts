import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { socketOption } from '../../src/model/socket-option.ts';
import { loadService } from '../config/load-text.ts';
import { ask } from '../harness/client.ts';
import { isRoot } from '../harness/identity.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';

const run = promisify(execFile);
const user = isRoot ? { user: 'nobody' } : {};
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

async function optionsOf(
  settings: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, unknown>>> {
  const it = { listen: 'tcp://127.0.0.1:0', ...looker, ...settings };
  const zinetd = await startZinetd({ config: { services: { it } } });
  return JSON.parse(await ask(zinetd.port('it'))) as Readonly<Record<string, unknown>>;
}

/** What the one listener of a service came to. */
function outcomeOf(zinetd: Zinetd): unknown {
  const record = zinetd.log.all.find(({ event }) => event === 'listening' || event === 'listen-failed');
  return record?.error ?? record?.event;
}

/** Another service keeps zinetd running when the one in question cannot listen. */
function start(it: Readonly<Record<string, unknown>>): Promise<Zinetd> {
  const other = { ...looker, listen: 'tcp://127.0.0.1:0' };
  return startZinetd({ config: { services: { it: { ...looker, ...it }, other } } });
}

describe('connections have from their listener', () => {
  test('nothing but keepalive by default', async () => {
    const options = await optionsOf({});
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
    const options = await optionsOf({ ...settings, bind_to_device: 'lo' });
    expect(options).toMatchObject({ no_delay: 1, tos: 16, free_bind: 1, device: 'lo' });
    // The kernel doubles them: socket(7).
    expect(options).toMatchObject({ receive_buffer: 131_072, send_buffer: 80_000 });
  });

  test.runIf(isRoot)('mark and transparent, which only root can set', async () => {
    expect(await optionsOf({ mark: 7, transparent: true })).toMatchObject({ mark: 7, transparent: 1 });
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
});

describe('listeners', () => {
  test('take an address that no interface has with free_bind only', async () => {
    const listen = 'tcp://192.0.2.77:0';
    expect(outcomeOf(await start({ listen }))).toBe('EADDRNOTAVAIL');
    expect(outcomeOf(await start({ listen, free_bind: true }))).toBe('listening');
  });

  test('are for both families with "*" and a host name, for one with tcp4 and tcp6, and one for both with tcp46', async () => {
    const localsOf = async (listen: string): Promise<readonly string[]> => {
      const zinetd = await start({ listen });
      return zinetd.log.all
        .filter(({ event, service }) => event === 'listening' && service === 'it')
        .map(({ local }) => local?.address ?? '');
    };
    expect(await localsOf('tcp://*:0')).toEqual(['0.0.0.0', '::']);
    expect(await localsOf('tcp4://*:0')).toEqual(['0.0.0.0']);
    expect(await localsOf('tcp6://*:0')).toEqual(['::']);
    expect(await localsOf('tcp46://*:0')).toEqual(['::']);
    expect(await localsOf('tcp4://localhost:0')).toEqual(['127.0.0.1']);
  });

  test('of tcp46 take IPv4 clients, who are known by their IPv4 address', async () => {
    const zinetd = await start({ listen: 'tcp46://*:0', only_from: ['127.0.0.1'] });
    await ask(zinetd.port('it'));
    expect((await zinetd.event('started')).peer?.address).toBe('127.0.0.1');
  });

  test('of vsock serve clients by loopback, or say that the machine cannot', async () => {
    const zinetd = await start({ listen: 'vsock://any:7077' });
    if (outcomeOf(zinetd) !== 'listening') {
      expect(outcomeOf(zinetd)).toMatch(/^(EAFNOSUPPORT|ENODEV|EADDRNOTAVAIL)$/);
      return;
    }
    const client =
      'import socket; s = socket.socket(socket.AF_VSOCK); s.connect((1, 7077)); print(s.recv(1))';
    const outcome = await run(PYTHON, ['-c', client]).then(
      () => 'served',
      ({ stderr }) => String(stderr),
    );
    // Without the module vsock_loopback a machine can listen and nobody can come.
    if (outcome === 'served') expect((await zinetd.event('started')).peer?.address).toBe('cid:1');
    else expect(outcome).toMatch(/No such device|Network is unreachable|Connection reset|timed out/);
  });

  test('have the options that no connection shows', () => {
    const options = (settings: Readonly<Record<string, unknown>>) =>
      loadService(settings).listeners[0]?.options;
    expect(options({ defer_accept: '10s' })).toContainEqual(socketOption('deferAccept', 10));
    expect(options({ listen: 'udp://[::1]:0', tos: 8 })).toContainEqual(socketOption('trafficClass', 8));
    expect(options({ listen: 'udp://127.0.0.1:0', mark: 3 })).toContainEqual(socketOption('mark', 3));
  });
});
