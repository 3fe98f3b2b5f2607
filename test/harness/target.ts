import { type AddressInfo, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Target {
  readonly port: number;
  /** How `redirect` writes it. */
  readonly url: string;
  /** The next connection that comes in. */
  next(): Promise<Socket>;
}

/** A server of the test itself, which somebody else leads to. Its connections are paused, and gone after the test. */
export async function startTarget(serve?: (socket: Socket) => void): Promise<Target> {
  const waiting: Socket[] = [];
  const wanted: ((socket: Socket) => void)[] = [];
  const all = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: serve === undefined }, (socket) => {
    all.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => all.delete(socket));
    if (serve) serve(socket);
    else (wanted.shift() ?? ((unclaimed: Socket) => void waiting.push(unclaimed)))(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of all) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const next = (): Promise<Socket> => {
    const socket = waiting.shift();
    return socket ? Promise.resolve(socket) : new Promise((resolve) => wanted.push(resolve));
  };
  return { port, url: `tcp://127.0.0.1:${port}`, next };
}
