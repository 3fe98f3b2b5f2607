import { readdirSync, readlinkSync } from 'node:fs';
import { expect, test } from 'vitest';
import { crowd } from '../harness/crowd.ts';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { startZinetd } from '../harness/start-zinetd.ts';
import { attachStrace } from '../harness/strace.ts';
import { until } from '../harness/until.ts';

/** Every call that takes bytes out of a descriptor, or arranges that the kernel does. */
const READS =
  'read,readv,pread64,preadv,preadv2,recvfrom,recvmsg,recvmmsg,splice,tee,sendfile,copy_file_range,io_uring_setup,io_uring_enter';

/** The first descriptor of a call, as -y shows it. */
const SOURCE = /\b(?:read|readv|preadv?2?|pread64|recv\w+|splice|tee|copy_file_range)\(\d+<(.*?)>(?:,|\s|$)/;
/** Calls that would read by proxy: whatever they name, there should be none. */
const PROXY = /\b(?:sendfile|io_uring_\w+)\(/;

/** Everything but the socket to the dispatcher is a client's. */
function readsOfClients(lines: readonly string[], channels: readonly string[]): readonly string[] {
  return lines.filter((line) => {
    const source = SOURCE.exec(line)?.[1] ?? '';
    return (source.startsWith('socket:') && !channels.includes(source)) || PROXY.test(line);
  });
}

/** Sockets that a process holds before any client comes. */
function socketsOf(pid: number): readonly string[] {
  const directory = `/proc/${pid}/fd`;
  const targets = readdirSync(directory).map((fd) => readlinkSync(`${directory}/${fd}`));
  return targets.filter((target) => target.startsWith('socket:'));
}

const CONNECTIONS = 1000;

describeWith(
  'the spawner under strace, with what it forks',
  { needs: ['root', { program: 'strace' }] },
  () => {
    const serve = async (server: string) => {
      // strace slows the reaping, so that many more handlers than clients count as running.
      const it = {
        listen: 'tcp://127.0.0.1:0',
        server: handler(server),
        user: 'nobody',
        instances: CONNECTIONS,
      };
      return startZinetd({ config: { services: { it } } });
    };

    test('reads nothing that 1,000 clients sent (promise 1, B8)', async () => {
      const zinetd = await serve('raw');
      const channels = socketsOf(zinetd.pid);
      const strace = await attachStrace(zinetd.pid, ['-f', '-y', '-e', `trace=${READS}`]);
      await crowd(zinetd.port('it'), { count: CONNECTIONS, inFlight: 8, send: 'from a client\n' });
      await until(() => zinetd.log.count('exited') === CONNECTIONS, { what: 'all exits are told' });
      const lines = await strace.detach();
      // It did take every request, so that the trace is one of the whole.
      const requests = lines.filter((line) => line.includes('recvmsg') && line.includes('SCM_RIGHTS'));
      expect(requests.length).toBe(CONNECTIONS);
      expect(readsOfClients(lines, channels)).toEqual([]);
    }, 60_000);

    test('would be seen to read, as a handler is that does (promise 1, B8)', async () => {
      const zinetd = await serve('echo');
      const channels = socketsOf(zinetd.pid);
      const strace = await attachStrace(zinetd.pid, ['-f', '-y', '-e', `trace=${READS}`]);
      const [only] = await crowd(zinetd.port('it'), { count: 1, inFlight: 1, send: 'from a client\n' });
      expect(only?.received).toBe('from a client\n');
      await zinetd.event('exited');
      const reads = readsOfClients(await strace.detach(), channels);
      expect(reads.some((line) => line.includes('"from a client\\n"'))).toBe(true);
    });
  },
);
