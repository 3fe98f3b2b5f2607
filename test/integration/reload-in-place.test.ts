import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ask, connect } from '../harness/client.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { statusOf } from '../harness/processes.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { until } from '../harness/until.ts';
import { freePort } from './free-port.ts';
import { goesOn, hold } from './held-client.ts';

type Settings = Readonly<Record<string, unknown>>;
type Services = Readonly<Record<string, Settings>>;

/** A service that needs no more than where it listens. */
function echoAt(port: number, settings: Settings = {}): Settings {
  const user = isRoot ? { user: 'nobody' } : {};
  return { listen: `tcp://127.0.0.1:${port}`, server: handler('echo'), ...user, ...settings };
}

/** zinetd with a configuration that can be written anew. */
class Run {
  readonly zinetd: Zinetd;
  readonly #path: string;

  private constructor(zinetd: Zinetd, path: string) {
    this.zinetd = zinetd;
    this.#path = path;
  }

  static async of(services: Services): Promise<Run> {
    const path = join(scratch('services'), 'services.yaml');
    write(path, services);
    const zinetd = await startZinetd({ config: JSON.stringify({ version: 1, include: [path] }) });
    return new Run(zinetd, path);
  }

  async reload(services: Services): Promise<void> {
    write(this.#path, services);
    this.zinetd.signal('SIGHUP');
    await this.zinetd.event('reloaded');
  }

  async reloadBadly(text: string): Promise<void> {
    writeFileSync(this.#path, text);
    this.zinetd.signal('SIGHUP');
    await this.zinetd.event('reload-failed');
  }
}

function write(path: string, services: Services): void {
  writeFileSync(`${path}.new`, JSON.stringify({ services }), { mode: 0o644 });
  renameSync(`${path}.new`, path);
}

async function isServed(port: number): Promise<boolean> {
  return (await ask(port, 'hello').catch(() => '')) === 'hello';
}

async function ports(count: number): Promise<readonly number[]> {
  const found = new Set<number>();
  while (found.size < count) found.add(await freePort());
  return [...found];
}

describe('HUP', () => {
  test('starts a service that was added, and ends one that was taken out, whose handler goes on (promise 4, S123)', async () => {
    const [kept = 0, gone = 0, added = 0] = await ports(3);
    const first = { gone: echoAt(gone), kept: echoAt(kept) };
    const run = await Run.of(first);
    const { zinetd } = run;
    const { dispatcherPid } = zinetd;
    const [ofGone, ofKept] = [await hold(gone), await hold(kept)];
    await run.reload({ added: echoAt(added), kept: echoAt(kept) });
    expect(await zinetd.event('closed')).toMatchObject({ service: 'gone', local: { port: gone } });
    await zinetd.event(({ event, service }) => event === 'listening' && service === 'added');
    expect(await Promise.all([kept, gone, added].map(isServed))).toEqual([true, false, true]);
    await Promise.all([ofGone, ofKept].map(goesOn));
    const isOfGone = ({ event, service }: { event: string; service?: string }) =>
      event === 'exited' && service === 'gone';
    expect(await zinetd.event(isOfGone)).toMatchObject({ status: 0 });
    expect(zinetd.dispatcherPid).toBe(dispatcherPid);
    await run.reload(first);
    await until(() => isServed(gone), { what: 'the service is back' });
  });

  test('moves a service to another port, and takes no client of the others away (promise 4, S124)', async () => {
    const [kept = 0, one = 0, other = 0] = await ports(3);
    const run = await Run.of({ moved: echoAt(one), kept: echoAt(kept) });
    const [ofMoved, ofKept] = [await hold(one), await hold(kept)];
    await run.reload({ kept: echoAt(kept), moved: echoAt(other) });
    await until(() => isServed(other), { what: 'it is served at the new port' });
    expect(await Promise.all([kept, one].map(isServed))).toEqual([true, false]);
    await Promise.all([ofMoved, ofKept].map(goesOn));
  });

  test('opens a socket anew at the same address when an option of it changed', async () => {
    const [port = 0] = await ports(1);
    const run = await Run.of({ it: echoAt(port) });
    await run.reload({ it: echoAt(port, { backlog: 7 }) });
    await until(() => isServed(port), { what: 'it is served again' });
    expect(run.zinetd.log.count('listen-failed')).toBe(0);
  });

  test('gives the port of a service to another one, and lets another program run from then on (promise 4)', async () => {
    const [port = 0] = await ports(1);
    const run = await Run.of({ it: echoAt(port) });
    const client = await hold(port);
    await run.reload({ it: echoAt(port, { server: handler('sleeper') }) });
    const asleep = await connect(port);
    expect(await asleep.readUntil('\n')).toMatch(/^\d+\n$/);
    asleep.halfClose();
    await run.reload({ heir: echoAt(port) });
    await until(() => isServed(port), { what: 'the heir is served' });
    await goesOn(client);
  });

  test.runIf(isRoot)(
    'runs handlers as another user from then on, and those before as they were (promise 4)',
    async () => {
      const [port = 0] = await ports(1);
      const run = await Run.of({ it: echoAt(port, { server: handler('sleeper') }) });
      const uidOf = async (): Promise<string | undefined> => {
        const client = await connect(port);
        const uid = statusOf(Number(await client.readUntil('\n')), 'Uid');
        client.halfClose();
        return uid?.split(/\s+/)[0];
      };
      const before = await uidOf();
      await run.reload({ it: echoAt(port, { server: handler('sleeper'), user: 'daemon' }) });
      expect([before, await uidOf()]).toEqual(['65534', '1']);
    },
  );

  test('with a bad file changes nothing, not a single service (promise 4, S125)', async () => {
    const [port = 0, added = 0] = await ports(2);
    const run = await Run.of({ it: echoAt(port) });
    const client = await hold(port);
    await run.reloadBadly(JSON.stringify({ services: { added: echoAt(added), it: { listen: 'nowhere' } } }));
    expect(await Promise.all([port, added].map(isServed))).toEqual([true, false]);
    await goesOn(client);
  });

  test('with other sizes of tables changes nothing, new services neither, and says so (promise 4, promise 8)', async () => {
    const [port = 0, added = 0] = await ports(2);
    const run = await Run.of({ it: echoAt(port) });
    const next = { services: { added: echoAt(added), it: echoAt(port) }, bans: { capacity: 256 } };
    await run.reloadBadly(JSON.stringify(next));
    expect(await Promise.all([port, added].map(isServed))).toEqual([true, false]);
    await run.reload({ it: echoAt(port) });
  });

  test('keeps what was counted: a limit of a source holds over it (promise 5)', async () => {
    const [port = 0, other = 0] = await ports(2);
    const settings = { rate_per_source: { count: 2, per: '1h' } };
    const run = await Run.of({ it: echoAt(port, settings) });
    expect(await Promise.all([isServed(port), isServed(port)])).toEqual([true, true]);
    await run.reload({ first: echoAt(other), it: echoAt(port, settings) });
    expect(await isServed(port)).toBe(false);
    expect(await isServed(other)).toBe(true);
    await run.reload({ it: echoAt(port, settings) });
    expect(await isServed(port)).toBe(false);
  });

  test('leaves a socket to the handler that waits on it, and polls it once that has ended (promise 4, S66)', async () => {
    const [port = 0, added = 0] = await ports(2);
    const user = isRoot ? { user: 'nobody' } : {};
    const waits = { listen: `udp://127.0.0.1:${port}`, wait: true, server: '/usr/bin/python3', ...user };
    const script =
      'import socket;s=socket.socket(fileno=0)\nwhile 1:\n d,a=s.recvfrom(99);s.sendto(d,a)\n if d==b"end":break';
    const it = { ...waits, server_args: ['-c', script] };
    const run = await Run.of({ it });
    const socket = createSocket('udp4');
    onTestFinished(() => void socket.close());
    const say = async (text: string): Promise<string> => {
      socket.send(text, port, '127.0.0.1');
      const [bytes] = (await once(socket, 'message')) as [Buffer];
      return String(bytes);
    };
    expect(await say('one')).toBe('one');
    await run.reload({ added: echoAt(added), it });
    expect(await say('two')).toBe('two');
    expect(run.zinetd.log.count('started')).toBe(1);
    expect(await say('end')).toBe('end');
    await run.zinetd.event('exited');
    expect(await say('three')).toBe('three');
    expect(run.zinetd.log.count('started')).toBe(2);
    expect(await say('end')).toBe('end');
    await run.reload({ it });
  });
});
