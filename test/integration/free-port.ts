import { createServer } from 'node:net';

/** Below those that the kernel gives to clients, each of which would keep it from a listener for a while. */
const FIRST = 10_000;
const COUNT = 20_000;

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((done) => {
    server.on('error', () => done(false)).listen(port, '0.0.0.0', () => server.close(() => done(true)));
  });
}

/** A port that nobody has just now, for a daemon whose log cannot tell the one it got, or that gives it back for a while. */
export async function freePort(): Promise<number> {
  const port = FIRST + Math.floor(Math.random() * COUNT);
  return (await isFree(port)) ? port : freePort();
}
