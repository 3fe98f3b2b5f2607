import { DEFAULT_CIPHERS } from '../../src/model/secure-context.ts';
import type { TlsCertificate, TlsPolicy } from '../../src/model/tls-policy.ts';

/** As a configuration has it that says no more. */
export function tlsPolicyOf(
  first: TlsCertificate,
  named: Readonly<Record<string, TlsCertificate>> = {},
): TlsPolicy {
  return {
    ...{ first, named: Object.entries(named).map(([name, pair]) => ({ ...pair, name })) },
    ...{ client: 'none', clientCa: undefined, clients: undefined, minVersion: '1.2' },
    ...{ ciphers: DEFAULT_CIPHERS, alpn: [], handshakeMs: 5000, handshakes: 256 },
  };
}
