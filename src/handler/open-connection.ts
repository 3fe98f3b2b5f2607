import { Socket } from 'node:net';
import type { Connection } from './connection.ts';
import { ID_NAME } from './environment.ts';
import { peerOf } from './peer-of.ts';

/** A connection that came, or is about to be made of it. */
export interface Arrival {
  readonly fd: number;
  readonly environment: ReadonlyMap<string, string>;
  /** False where the environment is about the service and not about this connection. */
  readonly isTold: boolean;
}

/** A connection, and the end of its signal. */
export interface OpenConnection {
  readonly connection: Connection;
  /** Once the socket has closed. */
  readonly closed: Promise<void>;
  abort(): void;
}

export function idOf({ environment, isTold }: Arrival): string | undefined {
  return isTold ? environment.get(ID_NAME) : undefined;
}

/** Throws what Node says of a descriptor that it cannot have for a stream; the descriptor stays open then. */
export function openConnection(arrival: Arrival): OpenConnection {
  const { fd, environment, isTold } = arrival;
  const socket = new Socket({ fd, allowHalfOpen: true });
  const ending = new AbortController();
  const closed = new Promise<void>((done) => {
    socket.once('close', () => {
      ending.abort();
      done();
    });
  });
  // Whoever reads or writes learns of it as well; without anybody who listens it would end the process.
  socket.on('error', () => {});
  // A loop over what the client sends would destroy the socket at its end, before anybody could answer.
  socket[Symbol.asyncIterator] = () => socket.iterator({ destroyOnReturn: false });
  const connection: Connection = {
    ...{ socket, environment, id: idOf(arrival), signal: ending.signal },
    peer: peerOf(socket, isTold ? environment : undefined),
  };
  return { connection, closed, abort: () => ending.abort() };
}
