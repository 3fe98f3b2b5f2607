import type { ClientRule } from './client-certificate.ts';

/** As PEM: a certificate with those that lead from it to a root, and its key. */
export interface TlsCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** One for clients that ask for this host: a name in lower case, or `*.` and what is behind one label. */
export interface TlsNamed extends TlsCertificate {
  readonly name: string;
  /** Whoever asks for it comes to this service; undefined: to the one that listens. */
  readonly service?: string | undefined;
}

export type TlsVersion = '1.2' | '1.3';

/** Whether a client has to show a certificate. */
export type TlsClient = 'none' | 'optional' | 'required';

/** How the dispatcher speaks TLS for a service. The keys are in here, and nowhere else but in the dispatcher's memory. */
export interface TlsPolicy {
  /** For clients that name no host, or one that no other certificate is for. */
  readonly first: TlsCertificate;
  readonly named: readonly TlsNamed[];
  readonly client: TlsClient;
  /** PEM; undefined when no certificate is asked for. */
  readonly clientCa: string | undefined;
  /** Whose certificates are served, and nobody else; undefined: whoever may show one, or none. */
  readonly clients: readonly ClientRule[] | undefined;
  readonly minVersion: TlsVersion;
  /** As OpenSSL writes them. */
  readonly ciphers: string;
  readonly alpn: readonly string[];
  readonly handshakeMs: number;
  /** Clients in their handshakes at once; half of them, one at least, of one source. */
  readonly handshakes: number;
}
