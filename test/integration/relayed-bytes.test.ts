import type { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { type Client, connect } from '../harness/client.ts';
import { askForState } from '../harness/counted-state.ts';
import { statusOf } from '../harness/processes.ts';
import type { Zinetd } from '../harness/start-zinetd.ts';
import { startTarget } from '../harness/target.ts';
import { until } from '../harness/until.ts';
import { hashOf, hear, MEGABYTE, pair, say, startRelay } from './relay-ends.ts';

/** Each way. */
const TOTAL_BYTES = 100 * MEGABYTE;

function residentKiB(pid: number): number {
  return Number.parseInt(statusOf(pid, 'VmRSS') ?? '', 10);
}

describe('what is carried', () => {
  test('is the same bytes, 100 MB both ways at once with slow readers, and an end each way (S140)', async () => {
    const target = await startTarget();
    const zinetd = await startRelay(target.url);
    const clientSocket = (await connect(zinetd.port('relay'))).socket;
    clientSocket.removeAllListeners('data').pause();
    const far = await target.next();
    const [said, answered, heard, received] = await Promise.all([
      say(clientSocket, TOTAL_BYTES),
      say(far, TOTAL_BYTES),
      hear(far, 4 * MEGABYTE),
      hear(clientSocket, 8 * MEGABYTE),
    ]);
    expect([heard, received]).toEqual([said, answered]);
    expect(await zinetd.event('exited')).toMatchObject({ end: 'done' });
  }, 60_000);

  test.each(['client', 'target'] as const)(
    'goes on for as long as anybody listens after the end of the %s (S140)',
    async (first) => {
      const target = await startTarget();
      const zinetd = await startRelay(target.url);
      const { client, far } = await pair(zinetd, target);
      client.socket.removeAllListeners('data').pause();
      const [early, late] = first === 'client' ? [client.socket, far] : [far, client.socket];
      early.end('over');
      expect(await hear(late)).toBe(hashOf('over'));
      const [said, received] = await Promise.all([say(late, 8 * MEGABYTE), hear(early, MEGABYTE)]);
      expect(received).toBe(said);
      expect(await zinetd.event('exited')).toMatchObject({ end: 'done' });
    },
  );

  const HELD = 200;
  const MOST_KIB = 256;

  test(`costs ${MOST_KIB} KiB a connection at the most, however much is sent to those who read nothing (S140)`, async () => {
    const target = await startTarget();
    const zinetd = await startRelay(target.url, { instances: 2 * HELD, per_source: 2 * HELD });
    const dispatcher = zinetd.dispatcherPid ?? 0;
    const warm = await pair(zinetd, target);
    await zinetd.event('started');
    warm.client.reset();
    warm.far.destroy();
    await zinetd.event('exited');
    const before = residentKiB(dispatcher);
    const sockets: Socket[] = [];
    for (let count = 0; count < HELD; count++) {
      const { client, far } = await pair(zinetd, target);
      client.socket.removeAllListeners('data').pause();
      sockets.push(client.socket, far);
    }
    // More than all buffers on the way hold.
    const much = Buffer.alloc(16 * MEGABYTE);
    for (const socket of sockets) socket.write(much);
    let last = -1;
    const moved = (): number =>
      sockets.reduce((sum, { bytesWritten, writableLength }) => sum + bytesWritten - writableLength, 0);
    await until(
      () => {
        const now = moved();
        const isStill = now === last;
        last = now;
        return isStill;
      },
      { what: 'nothing moves any more', timeoutMs: 20_000 },
    );
    const perConnection = (residentKiB(dispatcher) - before) / HELD;
    console.info(`a held connection costs ${perConnection.toFixed(0)} KiB of the dispatcher`);
    expect(perConnection).toBeLessThanOrEqual(MOST_KIB);
    for (const socket of sockets) socket.resetAndDestroy();
  }, 60_000);
});

describe('resets', () => {
  const TIMES = 100;

  async function countEnds(zinetd: Zinetd): Promise<number> {
    const services = await askForState(zinetd);
    return services.reduce((sum, { ended, failed }) => sum + ended + failed, 0);
  }

  /** What happens to a pair of ends that are connected. */
  const PHASES: Readonly<Record<string, (client: Client, far: Socket) => void>> = {
    'by the client at once': (client) => client.reset(),
    'by the target at once': (_client, far) => void far.resetAndDestroy(),
    'by the client behind bytes': (client, far) => {
      far.resume();
      client.socket.write('some bytes', () => client.reset());
    },
    'by the target behind bytes': (_client, far) => void far.write('some bytes', () => far.resetAndDestroy()),
    'by the client after its end': (client, far) => {
      far.resume().once('end', () => client.reset());
      client.halfClose();
    },
    'by the target after its end': (client, far) => {
      client.socket.once('end', () => far.resetAndDestroy());
      far.end();
    },
    'by the client, with much unsent': (client, far) => {
      client.socket.pause();
      far.write(Buffer.alloc(8 * MEGABYTE));
      far.once('drain', () => {});
      setImmediate(() => client.reset());
    },
  };

  test(`${Object.keys(PHASES).join(', ')}: ${TIMES} times each, nothing is left and others are served (S134)`, async () => {
    const target = await startTarget();
    const zinetd = await startRelay(target.url, { instances: 2 * TIMES, per_source: 'UNLIMITED' });
    const dispatcher = zinetd.dispatcherPid;
    let expected = 0;
    for (const reset of Object.values(PHASES)) {
      const ends: Socket[] = [];
      for (let count = 0; count < TIMES; count++) {
        const { client, far } = await pair(zinetd, target);
        reset(client, far);
        ends.push(far);
      }
      expected += TIMES;
      // The log has many in one record, ten seconds later; each look takes a signal and its records.
      while ((await countEnds(zinetd)) < expected);
      for (const far of ends) far.destroy();
    }
    expect(zinetd.log.count('exited')).toBe(zinetd.log.count('started'));
    expect(zinetd.dispatcherPid).toBe(dispatcher);
    const { client, far } = await pair(zinetd, target);
    far.end('still there');
    expect(await client.readAll()).toBe('still there');
    client.halfClose();
  }, 60_000);
});
