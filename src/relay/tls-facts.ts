import type { TLSSocket } from 'node:tls';

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
}

/** Node has a line for each part, the most general first, each escaped as RFC 4514 says. */
function distinguishedName(lines: string): string {
  return lines.split('\n').reverse().join(',');
}

/** Of a socket whose handshake is done. */
export function tlsFacts(socket: TLSSocket): TlsFacts {
  const certificate = socket.getPeerX509Certificate();
  const { servername } = socket as { readonly servername?: unknown };
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().name,
    serverName: typeof servername === 'string' && servername !== '' ? servername : undefined,
    certificateHash: certificate && `SHA256:${certificate.fingerprint256.replaceAll(':', '').toLowerCase()}`,
    certificateSubject: certificate && distinguishedName(certificate.subject),
  };
}
