import { once } from 'node:events';
import { connect } from 'node:net';

const AT_ONCE = 64;
const PATIENCE_MS = 5_000;
const SOURCES = 64;

/**
 * One connection that has been served: its first bytes are there, and its end is not.
 *
 * @param {number} port
 * @param {number} index
 */
async function open(port, index) {
  const localAddress = `127.77.0.${1 + (index % SOURCES)}`;
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  socket.on('error', () => undefined);
  socket.setTimeout(PATIENCE_MS, () => socket.destroy());
  const [data] = await Promise.race([once(socket, 'data'), once(socket, 'close')]).catch(() => []);
  socket.setTimeout(0);
  return { socket, isServed: Buffer.isBuffer(data) && data.toString() === 'ok\n' };
}

/**
 * Opens so many connections, and keeps them.
 *
 * @param {number} port
 * @param {number} count
 */
export async function holdConnections(port, count) {
  /** @type {Awaited<ReturnType<typeof open>>[]} */
  const all = [];
  while (all.length < count) {
    const next = Math.min(AT_ONCE, count - all.length);
    all.push(
      ...(await Promise.all(Array.from({ length: next }, (_, index) => open(port, all.length + index)))),
    );
  }
  return {
    served: all.filter(({ isServed, socket }) => isServed && !socket.destroyed).length,
    /** Comes back when all of them are closed. */
    release: async () => {
      const open = all.filter(({ socket }) => !socket.destroyed);
      const closed = open.map(({ socket }) => once(socket, 'close'));
      for (const { socket } of open) socket.end();
      await Promise.all(closed);
    },
  };
}
