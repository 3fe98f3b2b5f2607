import type { TlsClient, TlsVersion } from '../model/tls-policy.ts';

export interface TlsCertificateDocument {
  readonly certificate: string;
  /** Default: the file of the certificate. */
  readonly key?: string;
}

export interface TlsDocument extends TlsCertificateDocument {
  /** Other certificates, by the names that clients ask for. */
  readonly names?: Readonly<Record<string, TlsCertificateDocument>>;
  readonly client?: TlsClient;
  readonly client_ca?: string;
  /** Whose certificates are served: subjects, `san:KIND:NAME`, `sha256:DIGITS`. */
  readonly clients?: readonly string[];
  readonly min_version?: TlsVersion;
  readonly ciphers?: string;
  readonly alpn?: readonly string[];
  /** A duration such as `5s`. */
  readonly handshake_timeout?: string;
  readonly handshakes?: number;
}
