import type { Endpoint } from '../model/address.ts';

/** What a connection that came by TLS has been told and shown; undefined where there was none of it. */
export interface ClientTls {
  /** As OpenSSL calls it, such as `TLSv1.3`. */
  readonly protocol: string;
  readonly cipher: string;
  /** The name that the client asked for. */
  readonly serverName: string | undefined;
  /** Of the certificate of the client that was verified. */
  readonly certificateHash: string | undefined;
  readonly certificateSubject: string | undefined;
}

/** Who has come, and where to. */
export interface Client {
  readonly peer: Endpoint;
  readonly local: Endpoint;
  readonly isDatagram: boolean;
  /** The handler gets the listener and meets many: `peer` is at most the first of them, and nothing below is known. */
  readonly isWaiting: boolean;
  /** What the dispatcher calls the connection. */
  readonly id?: number | undefined;
  /** How many handlers the service has for this source, that of this client included. */
  readonly ofSource?: number | undefined;
  /** Where the client meant to go, where a translation of addresses has brought it here. */
  readonly destination?: Endpoint | undefined;
  /** The path that a client of a unix socket has bound its own end to. */
  readonly path?: string | undefined;
  readonly tls?: ClientTls | undefined;
}
