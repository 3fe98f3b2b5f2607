import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { ask } from '../harness/client.ts';
import { handler } from '../harness/handler.ts';
import { isRoot, unprivilegedUser } from '../harness/identity.ts';
import { socketInodes } from '../harness/socket-inode.ts';
import { until } from '../harness/until.ts';
import { freePort } from './free-port.ts';
import { echoAt, ReloadRun, type Services } from './reload-run.ts';

/** Binds where it can, with whatever makes addresses be shared, and says where that went well. */
const HIJACK = `
import socket, sys
stream, datagrams = (int(port) for port in sys.argv[1:])
for kind, port in ((socket.SOCK_STREAM, stream), (socket.SOCK_DGRAM, datagrams)):
    for address in ("127.0.0.1", "127.0.0.2", "0.0.0.0"):
        for options in ((), (2,), (15,), (2, 15)):
            with socket.socket(socket.AF_INET, kind) as thief:
                for option in options:
                    thief.setsockopt(socket.SOL_SOCKET, option, 1)
                try:
                    thief.bind((address, port))
                    print(kind.name, address, options)
                except OSError as error:
                    assert error.strerror == "Address already in use", error
`;

function hijacked(...ports: readonly number[]): string {
  const { uid = 0, gid = 0 } = unprivilegedUser() ?? {};
  const identity = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
  const thief = ['/usr/bin/python3', '-c', HIJACK, ...ports.map(String)];
  return execFileSync('setpriv', [...identity, ...thief], { encoding: 'utf8', cwd: '/' });
}

/** Both places of a service that accepts, and of one whose handlers get the socket; in this order. */
function servicesAt(address: string, [stream, datagrams]: readonly [number, number]): Services {
  const server = { wait: true, server: handler('datagrams'), server_args: ['4000'] };
  return {
    accepting: echoAt(`tcp://${address}:${stream}`),
    waiting: echoAt(`udp://${address}:${datagrams}`, server),
  };
}

test.runIf(isRoot)(
  'a reload lets no other uid have a share of an address while one socket takes the place of another (S126)',
  async () => {
    const ports = [await freePort(), await freePort()] as const;
    const run = await ReloadRun.of(servicesAt('127.0.0.1', ports));
    const dispatcher = run.zinetd.dispatcherPid ?? 0;
    run.file.write(servicesAt('0.0.0.0', ports));
    // It is told of what is open by then, and has not answered.
    process.kill(dispatcher, 'SIGSTOP');
    run.zinetd.signal('SIGHUP');
    await until(() => socketInodes(ports[1], 'udp').length === 2, { what: 'both sockets are open' });
    expect(hijacked(...ports)).toBe('');
    process.kill(dispatcher, 'SIGCONT');
    await run.zinetd.event('reloaded');
    expect(hijacked(...ports)).toBe('');
    expect(await ask(ports[0], 'hello')).toBe('hello');
  },
);
