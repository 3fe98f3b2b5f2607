import { once } from 'node:events';
import { createConnection } from 'node:net';

const DEADLINE_MS = 180_000;
const PAUSE_MS = 2;

/** @param {number} ms */
export const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** @param {number} port whether somebody takes a connection there */
async function connect(port) {
  const socket = createConnection({ port, host: '127.0.0.1' });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/**
 * Milliseconds from `startMs` until a port takes a connection.
 *
 * @param {number} port
 * @param {number} startMs
 */
export async function untilOpen(port, startMs) {
  while (!(await connect(port))) {
    if (performance.now() - startMs > DEADLINE_MS) throw new Error(`Nobody listens on port ${port}`);
    await pause(PAUSE_MS);
  }
  return performance.now() - startMs;
}

/** @param {number} port until nobody takes connections there any more */
export async function untilClosed(port) {
  while (await connect(port)) await pause(PAUSE_MS);
}

/**
 * The answer of a service that says something at once; kernels take connections before a server is there to serve them.
 *
 * @param {number} port
 */
export async function answer(port) {
  const socket = createConnection({ port, host: '127.0.0.1' });
  socket.resume();
  await once(socket, 'close');
}

/**
 * Asks a service for its answer over and over, one at a time.
 *
 * @param {number} port
 */
export function probe(port) {
  const latencies = /** @type {number[]} */ ([]);
  let isOver = false;
  const work = (async () => {
    while (!isOver) {
      const startMs = performance.now();
      await answer(port);
      latencies.push(performance.now() - startMs);
    }
  })();
  /** Ends it; gives all latencies. */
  return async () => {
    isOver = true;
    await work;
    return latencies;
  };
}
