import type { Socket } from 'node:net';

/** Where a client is, as far as that is known. */
export interface Peer {
  readonly address: string;
  readonly port: number | undefined;
}

/** One client, whatever way its connection came to this process. */
export interface Connection {
  /** Half-open: that the client has sent its last byte does not end what is written to it. */
  readonly socket: Socket;
  /** The client, and not a proxy in between, where zinetd knows it; undefined for a unix socket. */
  readonly peer: Peer | undefined;
  /** What a program that was started for this connection alone would find in its environment. */
  readonly environment: ReadonlyMap<string, string>;
  /** ZINETD_CONNECTION_ID, by which the log and `zinetd connections` know it. */
  readonly id: string | undefined;
  /** Aborted when the connection has closed, or when this process is told to end. */
  readonly signal: AbortSignal;
}

/**
 * Serves one connection, which is closed once the promise that it gives settles; without a promise it lasts until the
 * socket closes. A promise may hold an exit status.
 */
export type Handler = (connection: Connection) => unknown;
