import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { connect } from '../harness/client.ts';
import { datagramClient } from '../harness/datagram-client.ts';
import { isRoot } from '../harness/identity.ts';
import { probeBy, SPAWN_PATHS } from '../harness/probe-everywhere.ts';
import { startZinetd } from '../harness/start-zinetd.ts';

const user = isRoot ? { user: 'nobody' } : {};
const WAITING = Object.keys(SPAWN_PATHS).filter((name) => name.startsWith('waiting'));
const NONE = ['xinetd'];

/** Without the library there is nobody to ask. */
const hasLibrary = ((): boolean => {
  try {
    execFileSync('/usr/bin/python3', ['-c', 'import ctypes; ctypes.CDLL("libsystemd.so.0")']);
    return true;
  } catch {
    return false;
  }
})();

/** A daemon as they are written for service managers: it asks the library, talks to its standard output, and serves. */
const DAEMON = `
import ctypes, os, socket, sys
names = ctypes.POINTER(ctypes.c_char_p)()
count = ctypes.CDLL("libsystemd.so.0").sd_listen_fds_with_names(1, ctypes.byref(names))
print("found", count, names[0].decode(), flush=True)
print("and an error", file=sys.stderr, flush=True)
listener = socket.socket(fileno=3)
for _ in range(3):
    connection, _ = listener.accept()
    connection.sendall(b"served by %d\\n" % os.getpid())
    connection.close()
`;

describe('a handler that waits in mode extended', () => {
  test.each(WAITING)(
    'finds its socket on 3 and what sd_listen_fds(3) looks at, and nothing on 0: %s',
    async (name) => {
      const { report, environment } = await probeBy(name, { ...user, mode: 'extended', peer_env: [] });
      expect(report.fds.map(({ fd, target }) => [fd, target.replace(/\d+/, 'N')])).toEqual([
        [0, '/dev/null'],
        [1, 'pipe:[N]'],
        [2, 'pipe:[N]'],
        [3, 'socket:[N]'],
      ]);
      expect(environment).toEqual({ LISTEN_FDS: '1', LISTEN_FDNAMES: 'it', LISTEN_PID: String(report.pid) });
    },
  );

  test('finds the same beside what it is told of its client', async () => {
    const attributes = { ...user, mode: 'extended', peer_env: NONE, env: { OWN: 'x' } };
    const { report, environment } = await probeBy('waiting datagrams', attributes);
    expect(environment).toEqual({
      ...{ OWN: 'x', REMOTE_HOST: '127.0.0.1', LISTEN_FDS: '1', LISTEN_FDNAMES: 'it' },
      LISTEN_PID: String(report.pid),
    });
  });

  test('has nothing but /dev/null beside its socket with "stderr: none"', async () => {
    const { report } = await probeBy('waiting stream', { ...user, mode: 'extended', stderr: 'none' });
    expect(report.fds.slice(0, 3).map(({ target }) => target)).toEqual(Array(3).fill('/dev/null'));
  });

  test('is an inetd again with "listen_fds: false", and others are none of this', async () => {
    const attributes = { ...user, mode: 'extended', listen_fds: false, stderr: 'socket', peer_env: [] };
    const { report, environment } = await probeBy('waiting datagrams', attributes);
    expect(report.fds.map(({ fd }) => fd)).toEqual([0, 1, 2]);
    expect(environment).toEqual({});
    const stream = await probeBy('stream', { ...user, mode: 'extended', peer_env: [] });
    expect(stream.report.fds.map(({ fd }) => fd)).toEqual([0, 1, 2]);
    expect(stream.environment).toEqual({});
  });

  test('answers senders of datagrams by the socket that it was given', async () => {
    const script = `import socket; s = socket.socket(fileno=3); d, a = s.recvfrom(99); s.sendto(d.upper(), a)`;
    const it = {
      ...{ ...user, listen: 'udp://127.0.0.1:0', mode: 'extended', wait: true },
      ...{ server: '/usr/bin/python3', server_args: ['-c', script] },
    };
    const zinetd = await startZinetd({ config: { services: { it } } });
    const client = await datagramClient(zinetd.port('it'));
    await client.send('word');
    expect(await client.answer()).toBe('WORD');
    await zinetd.event('exited');
  });
});

describe('a daemon that was written for service managers', () => {
  test.skipIf(!hasLibrary)('serves its clients, and what it prints goes to the log', async () => {
    const it = {
      ...{ ...user, listen: 'tcp://127.0.0.1:0', mode: 'extended', wait: true },
      ...{ server: '/usr/bin/python3', server_args: ['-c', DAEMON] },
    };
    const zinetd = await startZinetd({ config: { services: { it } } });
    const answers = [];
    for (let count = 0; count < 3; count++) {
      answers.push(await (await connect(zinetd.port('it'))).readAll());
    }
    const { pid } = await zinetd.event('started');
    expect(answers).toEqual(Array(3).fill(`served by ${pid}\n`));
    expect(await zinetd.event('stderr')).toMatchObject({ pid, text: 'found 1 it' });
    expect(await zinetd.event('stderr')).toMatchObject({ pid, text: 'and an error' });
  });
});
