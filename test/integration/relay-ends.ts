import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { type Client, connect } from '../harness/client.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import type { Target } from '../harness/target.ts';

export const listen = 'tcp://127.0.0.1:0';

/** A daemon whose one service is `relay`. */
export function startRelay(redirect: unknown, more: Readonly<Record<string, unknown>> = {}): Promise<Zinetd> {
  return startZinetd({ config: { services: { relay: { listen, redirect, ...more } } } });
}

/** A target that says back what it hears. */
export function echo(socket: Socket): void {
  socket.pipe(socket);
}

/** A client, and the other end of what zinetd makes of it. */
export async function pair(zinetd: Zinetd, target: Target): Promise<{ client: Client; far: Socket }> {
  const [client, far] = await Promise.all([connect(zinetd.port('relay')), target.next()]);
  return { client, far };
}

export const MEGABYTE: number = 1024 * 1024;
const PIECE = randomBytes(MEGABYTE);

/** Says so much, with a count in each piece, and then no more. Gives the hash of it. */
export async function say(socket: Socket, totalBytes: number): Promise<string> {
  const hash = createHash('sha256');
  for (let sent = 0; sent < totalBytes; sent += PIECE.length) {
    const piece = Buffer.from(PIECE);
    piece.writeUInt32BE(sent, 0);
    hash.update(piece);
    if (!socket.write(piece)) await once(socket, 'drain');
  }
  socket.end();
  return hash.digest('hex');
}

/** Hears all, with a rest after every so many bytes, and gives the hash of it. It may go on to talk. */
export async function hear(socket: Socket, restAfterBytes = Number.POSITIVE_INFINITY): Promise<string> {
  const hash = createHash('sha256');
  let sinceRest = 0;
  socket.on('data', (chunk: Buffer) => {
    hash.update(chunk);
    sinceRest += chunk.length;
    if (sinceRest < restAfterBytes) return;
    sinceRest = 0;
    socket.pause();
    setTimeout(() => socket.resume(), 1);
  });
  socket.resume();
  await once(socket, 'end');
  return hash.digest('hex');
}

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
