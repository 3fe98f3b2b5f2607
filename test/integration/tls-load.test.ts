import { copyFileSync, renameSync } from 'node:fs';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { makePair, type Pair } from '../harness/certificates.ts';
import { connect } from '../harness/client.ts';
import { handler } from '../harness/handler.ts';
import { statusOf } from '../harness/processes.ts';
import type { Zinetd } from '../harness/start-zinetd.ts';
import { startTarget } from '../harness/target.ts';
import { askTls, connectTls, readAll } from '../harness/tls-client.ts';
import { until } from '../harness/until.ts';
import { MEGABYTE } from './relay-ends.ts';
import { Secured } from './secured.ts';

/** As whoever renews certificates does. */
function replace(path: string, by: string): void {
  copyFileSync(by, `${path}.new`);
  renameSync(`${path}.new`, path);
}

describe('under load', () => {
  const ROUNDS = 5;
  const CLIENTS = 4;

  test('a certificate that is replaced fails no handshake, and is the next that a client sees', async () => {
    const secured = new Secured();
    const authority = makePair(secured.directory, { name: 'authority' });
    const pairs = Array.from({ length: ROUNDS }, (_, round) =>
      makePair(secured.directory, { name: `round-${round}`, names: ['localhost'], by: authority }),
    );
    const [first] = pairs as [Pair, ...Pair[]];
    for (const name of ['certificate', 'key'] as const) replace(secured.own[name], first[name]);
    const service = { server: handler('echo'), instances: 100, per_source: 100 };
    const zinetd = await secured.start({}, service);
    let served = 0;
    let isOver = false;
    const ca = authority.certificate;
    const keepAsking = async (): Promise<void> => {
      while (!isOver) {
        expect(await askTls(zinetd.port('it'), 'hello', { ca })).toBe('hello');
        served++;
      }
    };
    const clients = Promise.all(Array.from({ length: CLIENTS }, keepAsking));
    for (const pair of pairs.slice(1)) {
      for (const name of ['certificate', 'key'] as const) replace(secured.own[name], pair[name]);
      zinetd.signal('SIGHUP');
      await zinetd.event('reloaded');
      const client = await connectTls(zinetd.port('it'), { ca });
      expect(client.getPeerCertificate().subject.CN).toBe(`round-${pairs.indexOf(pair)}`);
      // Node's client has not sent the end of its handshake yet: destroyed now, it would be one that failed.
      client.end();
      await readAll(client);
    }
    isOver = true;
    await clients;
    expect(served).toBeGreaterThan(ROUNDS * CLIENTS);
    // The first is that of the start.
    expect(zinetd.log.count('failed')).toBe(1);
  }, 60_000);

  /** 10,000 take a machine of their own, and some minutes. */
  const SILENT = Number(process.env['ZINETD_TEST_SILENT'] ?? 400);
  const PLACES = 64;

  test(`${SILENT} silent clients have half of the places, and others are served meanwhile (S79)`, async () => {
    const secured = new Secured();
    const service = { server: handler('echo'), instances: 1000, per_source: 1000 };
    const zinetd = await secured.start({ handshakes: PLACES, handshake_timeout: '2s' }, service);
    const port = zinetd.port('it');
    const sockets: Socket[] = [];
    let longestMs = 0;
    let served = 0;
    const other = async (): Promise<void> => {
      const startMs = performance.now();
      expect(await askTls(port, 'hello', { ca: secured.ca, from: '127.0.0.2' })).toBe('hello');
      longestMs = Math.max(longestMs, performance.now() - startMs);
      served++;
    };
    for (let count = 0; count < SILENT; count++) {
      const { socket } = await connect(port);
      socket.on('error', () => {});
      sockets.push(socket);
      if (count % 20 === 0) await other();
    }
    expect(served).toBe(Math.ceil(SILENT / 20));
    console.info(`the longest of ${served} handshakes and echoes took ${longestMs.toFixed(0)} ms`);
    const untold = zinetd.log.all.filter(({ event }) => event === 'failed');
    // One line for each of the first, and all others together (S118).
    expect(untold.length).toBeLessThan(20);
    expect(untold.map(({ error }) => error)).toContain('busy');
    for (const socket of sockets) socket.resetAndDestroy();
    expect(await zinetd.event('refused-more', { timeoutMs: 15_000 })).toMatchObject({
      service: 'it',
      reason: 'tls',
    });
  }, 120_000);

  const HELD = 60;
  const MOST_KIB = 256;

  function residentKiB({ dispatcherPid = 0 }: Zinetd): number {
    return Number.parseInt(statusOf(dispatcherPid, 'VmRSS') ?? '', 10);
  }

  async function settledKiB(zinetd: Zinetd): Promise<number> {
    let last = -1;
    const isStill = (): boolean => {
      const now = residentKiB(zinetd);
      const grows = now > last;
      last = Math.max(now, last);
      return !grows;
    };
    await until(isStill, { what: 'nothing grows any more', timeoutMs: 20_000 });
    return last;
  }

  test(`a session in which nothing is said costs ${MOST_KIB} KiB at the most`, async () => {
    const secured = new Secured();
    const zinetd = await secured.start({}, { builtin: 'echo', instances: 2 * HELD, per_source: 2 * HELD });
    await connectTls(zinetd.port('it'), { ca: secured.ca });
    const before = residentKiB(zinetd);
    for (let count = 0; count < HELD; count++) await connectTls(zinetd.port('it'), { ca: secured.ca });
    const perSession = (residentKiB(zinetd) - before) / HELD;
    console.info(`an idle session costs ${perSession.toFixed(0)} KiB of the dispatcher`);
    expect(perSession).toBeLessThanOrEqual(MOST_KIB);
  }, 60_000);

  test('a client that is told much and reads nothing costs no more', async () => {
    const secured = new Secured();
    // More than all buffers on the way hold.
    const much = Buffer.alloc(16 * MEGABYTE);
    const target = await startTarget((far) => void far.on('error', () => {}).write(much));
    const zinetd = await secured.start(
      {},
      { redirect: target.url, instances: 2 * HELD, per_source: 2 * HELD },
    );
    const clients: TLSSocket[] = [];
    const hold = async (count: number): Promise<number> => {
      for (let held = 0; held < count; held++) {
        const client = await connectTls(zinetd.port('it'), { ca: secured.ca });
        client.on('error', () => {}).write(much);
        clients.push(client);
      }
      await until(() => clients.every(({ bytesRead }) => bytesRead > 0), { what: 'all are told something' });
      return settledKiB(zinetd);
    };
    // What is thrown away on the way is some memory as well, and no more for more of them.
    const first = await hold(HELD);
    const perSession = ((await hold(HELD)) - first) / HELD;
    console.info(`a held session costs ${perSession.toFixed(0)} KiB of the dispatcher`);
    // Beside the session, its relay to the target.
    expect(perSession).toBeLessThanOrEqual(2 * MOST_KIB);
    for (const client of clients) client.destroy();
  }, 60_000);
});
