import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ask, type Client, connect } from '../harness/client.ts';
import { describeWith } from '../harness/describe-with.ts';
import { isRoot } from '../harness/identity.ts';
import type { LogRecord } from '../harness/log-records.ts';
import { program } from '../harness/program.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { countFailures } from '../harness/summed-records.ts';
import { until } from '../harness/until.ts';
import { freePort } from './free-port.ts';

const KILL = 9;
const TERM = 15;
const listen = 'tcp://127.0.0.1:0';
const user = isRoot ? { user: 'nobody' } : {};

/** Listens after a while, says its pid to everybody and then what it hears; talks to its standard output ahead of all. */
const DAEMON = `
import os, signal, socket, sys, threading, time
port, late, deaf = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3]
if deaf:
    signal.signal(signal.SIGTERM, lambda *_: open(deaf, "w").close())
os.write(1, b"starting" * 100000)
os.write(2, b"it starts\\n")
time.sleep(late)
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("127.0.0.1", port))
s.listen(50)
def serve(c):
    c.sendall(b"%d\\n" % os.getpid())
    while True:
        data = c.recv(4096)
        if not data:
            break
        c.sendall(data)
    c.close()
while True:
    c, _ = s.accept()
    threading.Thread(target=serve, args=(c,), daemon=True).start()
`;

interface Settings {
  readonly late?: number;
  /** It ignores TERM, but leaves a file of this name. */
  readonly deaf?: string;
  readonly [name: string]: unknown;
}

interface Service {
  readonly redirect: string;
}

/** A service whose daemon is there on demand. */
async function daemonOf({ late = 0, deaf = '', ...more }: Settings = {}): Promise<Service> {
  const port = await freePort();
  return {
    ...{ listen, redirect: `tcp://127.0.0.1:${port}`, idle_stop: '300ms', ...user },
    ...{ server: program('python3'), server_args: ['-c', DAEMON, String(port), String(late), deaf] },
    ...more,
  };
}

/** A client that is served, and by whom. */
async function enter(zinetd: Zinetd, service = 'it'): Promise<{ client: Client; pid: number }> {
  const client = await connect(zinetd.port(service));
  return { client, pid: Number((await client.readUntil('\n')).trim()) };
}

const isOfDaemon = ({ pid }: LogRecord): boolean => pid !== undefined;

function daemonEnded(zinetd: Zinetd, service = 'it'): Promise<LogRecord> {
  return zinetd.event(
    (record) => record.event === 'exited' && isOfDaemon(record) && record.service === service,
  );
}

function countStarts(zinetd: Zinetd): number {
  return zinetd.log.all.filter((record) => record.event === 'started' && isOfDaemon(record)).length;
}

describeWith('a daemon that is there on demand', { needs: [{ program: 'python3' }] }, () => {
  const MODES = ['inetd', 'extended'];

  test.each(MODES)(
    'is started for the first who comes, who waits for it, and ended when nobody is there (FEATURES 8.7): %s',
    async (mode) => {
      const zinetd = await startZinetd({ config: { services: { it: await daemonOf({ late: 0.5, mode }) } } });
      expect(countStarts(zinetd)).toBe(0);
      const first = await enter(zinetd);
      expect(await zinetd.event('stderr')).toMatchObject({
        service: 'it',
        pid: first.pid,
        text: 'it starts',
      });
      first.client.send('hello');
      expect(await first.client.readUntil('hello')).toContain('hello');
      const second = await enter(zinetd);
      expect(second.pid, 'there is one for all').toBe(first.pid);
      for (const { client } of [first, second]) client.halfClose();
      expect(await daemonEnded(zinetd)).toMatchObject({ pid: first.pid, signal: TERM, end: 'idle' });
      const later = await enter(zinetd);
      expect(later.pid).not.toBe(first.pid);
      expect(countStarts(zinetd)).toBe(2);
      later.client.halfClose();
    },
  );

  test('stays for as long as one connection is there, however little it says', async () => {
    const services = { it: await daemonOf(), other: await daemonOf() };
    const zinetd = await startZinetd({ config: { services } });
    const held = await enter(zinetd);
    for (let count = 0; count < 2; count++) {
      const brief = await enter(zinetd, 'other');
      brief.client.halfClose();
      expect(await daemonEnded(zinetd, 'other')).toMatchObject({ end: 'idle' });
    }
    held.client.send('still there');
    expect(await held.client.readUntil('there')).toContain('still there');
    held.client.halfClose();
    await daemonEnded(zinetd);
  });

  test('has an age no more than its service has; its connections have', async () => {
    const zinetd = await startZinetd({
      config: { services: { it: await daemonOf({ max_connection_age: '300ms', idle_stop: '1m' }) } },
    });
    const first = await enter(zinetd);
    expect(await zinetd.event('exited')).toMatchObject({ end: 'age' });
    expect(await first.client.ended()).toBe('end');
    expect((await enter(zinetd)).pid).toBe(first.pid);
    await zinetd.stop(); // ahead of the bars, which want it gone
  });

  test('that is told to end, and takes its time, serves nobody any more: another one does', async () => {
    const directory = scratch('deaf');
    chmodSync(directory, 0o777);
    const deaf = join(directory, 'told');
    const it = await daemonOf({ deaf, grace: '2s' });
    const zinetd = await startZinetd({ config: { services: { it } } });
    const first = await enter(zinetd);
    first.client.halfClose();
    await until(() => existsSync(deaf), { what: 'it is told to end' });
    const second = await enter(zinetd);
    expect(second.pid).not.toBe(first.pid);
    expect(await daemonEnded(zinetd)).toMatchObject({ pid: first.pid, signal: KILL, end: 'idle' });
    second.client.halfClose();
    await zinetd.event((record) => record.event === 'exited' && record.pid === second.pid);
  });

  test('outlives the dispatcher, serves the clients of the next one, and is ended by that', async () => {
    const it = await daemonOf({ idle_stop: '1s' });
    const zinetd = await startZinetd({ config: { services: { it } }, lossy: true });
    const first = await enter(zinetd);
    await zinetd.event('started');
    process.kill(zinetd.dispatcherPid ?? 0, 'SIGKILL');
    expect(await zinetd.event('ready')).toMatchObject({ adopted: 1 });
    const second = await enter(zinetd);
    expect(second.pid).toBe(first.pid);
    second.client.halfClose();
    expect(await daemonEnded(zinetd)).toMatchObject({ pid: first.pid, end: 'idle' });
  });

  test('that does not listen in time is a failure of each who waited, and ended', async () => {
    const { redirect, ...it } = await daemonOf({ late: 60 });
    const services = { it: { ...it, redirect: { to: redirect, connect_timeout: '500ms' } } };
    const zinetd = await startZinetd({ config: { services } });
    expect(await ask(zinetd.port('it'))).toBe('');
    expect(await zinetd.event('failed')).toMatchObject({ reason: 'redirect', error: 'ETIMEDOUT' });
    expect(await daemonEnded(zinetd)).toMatchObject({ signal: TERM, end: 'idle' });
    expect(countStarts(zinetd)).toBe(1);
  });

  test('that ends at once is started once a second at the most, for as long as somebody waits (S66)', async () => {
    const { redirect, ...it } = await daemonOf({ server: '/bin/false' });
    const services = { it: { ...it, redirect: { to: redirect, connect_timeout: '2500ms' } } };
    const zinetd = await startZinetd({ config: { services } });
    const visits = Array.from({ length: 10 }, () => ask(zinetd.port('it')));
    expect(await Promise.all(visits)).toEqual(Array(10).fill(''));
    await until(() => countFailures(zinetd.log) === 10, { what: 'each is told of', timeoutMs: 15_000 });
    expect(countStarts(zinetd)).toBeGreaterThan(1);
    expect(countStarts(zinetd)).toBeLessThan(5);
  });

  test('ends at once with zinetd, as nobody is left whom it could serve', async () => {
    const zinetd = await startZinetd({
      ...{ config: { services: { it: await daemonOf({ idle_stop: '1m' }) } }, args: ['--grace', '60s'] },
    });
    const { pid } = await enter(zinetd);
    zinetd.signal('SIGTERM');
    expect(await daemonEnded(zinetd)).toMatchObject({ pid, signal: TERM, end: 'stopping' });
    expect(await zinetd.ended).toBe(0);
  });
});
