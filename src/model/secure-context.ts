import { constants } from 'node:crypto';
import type { SecureContextOptions } from 'node:tls';
import type { TlsCertificate, TlsPolicy } from './tls-policy.ts';

/** Forward secret and authenticated, all of them; those of TLS 1.3 first. */
export const DEFAULT_CIPHERS = 'ECDHE+AESGCM:ECDHE+CHACHA20';

/** OpenSSL has two lists, and Node takes one text for both: without these nobody would get TLS 1.3. */
const SUITES = 'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256';

/** What a resumed session has to belong to; the keys of tickets are of one context each. */
const SESSION_ID_CONTEXT = 'zinetd';

const VERSIONS = { '1.2': 'TLSv1.2', '1.3': 'TLSv1.3' } as const;

/** No handshake within a session (S142), no compression, and the ciphers in our order. */
const OPTIONS =
  constants.SSL_OP_NO_RENEGOTIATION |
  constants.SSL_OP_NO_COMPRESSION |
  constants.SSL_OP_CIPHER_SERVER_PREFERENCE;

/** What OpenSSL is told for one certificate of a service: tried by the compiler, used by the dispatcher. */
export function secureContext(
  { key, certificate }: TlsCertificate,
  { clientCa, minVersion, ciphers }: Pick<TlsPolicy, 'clientCa' | 'minVersion' | 'ciphers'>,
): SecureContextOptions {
  return {
    ...{ cert: certificate, key },
    // An empty list keeps out the roots that come with Node, which nobody has asked for.
    ca: clientCa ?? [],
    ciphers: ciphers.includes('TLS_') ? ciphers : `${SUITES}:${ciphers}`,
    minVersion: VERSIONS[minVersion],
    ...{ secureOptions: OPTIONS, sessionIdContext: SESSION_ID_CONTEXT },
  };
}
