import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the range that the kernel gives to clients, so that no client of the load takes it meanwhile. */
const FIRST_PORT = 21_000;
const LAST_PORT = 29_000;

/** @param {number} port */
async function isFree(port) {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  const free = await once(server, 'listening').then(
    () => true,
    () => false,
  );
  if (free) await new Promise((closed) => server.close(closed));
  return free;
}

/**
 * A port of loopback that nobody listens on now.
 *
 * @returns {Promise<number>}
 */
export async function freePort() {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT));
    if (await isFree(port)) return port;
  }
  throw new Error(`Cannot find a free port between ${FIRST_PORT} and ${LAST_PORT}`);
}
