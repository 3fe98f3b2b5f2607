import { createConnection } from 'node:net';
import { onTestFinished } from 'vitest';
import { Client } from './client.ts';

/** Connects to a unix stream socket; rejects if refused. The connection is gone when the test is over. */
export async function connectToPath(path: string): Promise<Client> {
  const socket = createConnection({ path, allowHalfOpen: true });
  await new Promise<void>((done, fail) => socket.once('connect', done).once('error', fail));
  onTestFinished(() => void socket.destroy());
  return new Client(socket);
}
