import { createConnection } from 'node:net';

/** Whether nobody listens on a port of loopback. */
export function isRefused(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.on('connect', () => done(false)).on('error', () => done(true));
    socket.on('connect', () => socket.destroy());
  });
}
