import type { TLSSocket } from 'node:tls';
import { type ClientCertificate, clientCertificate } from '../model/client-certificate.ts';

/** What a handshake has brought to light, for the handler. */
export interface TlsFacts {
  /** Such as `TLSv1.3`. */
  readonly protocol: string;
  /** As OpenSSL calls it. */
  readonly cipher: string;
  /** The host that the client asked for. */
  readonly serverName: string | undefined;
  /** Of the client's certificate, `SHA256:` and hexadecimal digits, as s6-networking writes it. */
  readonly certificateHash: string | undefined;
  /** Its distinguished name as of RFC 4514. */
  readonly certificateSubject: string | undefined;
  readonly certificate: ClientCertificate;
}

/** Of a socket whose handshake is done. */
export function tlsFacts(socket: TLSSocket): TlsFacts {
  const shown = socket.getPeerX509Certificate();
  const { servername } = socket as { readonly servername?: unknown };
  const certificate: ClientCertificate = shown ? clientCertificate(shown) : { kind: 'none' };
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().name,
    serverName: typeof servername === 'string' && servername !== '' ? servername : undefined,
    certificateHash: shown && `SHA256:${shown.fingerprint256.replaceAll(':', '').toLowerCase()}`,
    certificateSubject: certificate.kind === 'shown' ? certificate.subject : undefined,
    certificate,
  };
}
