import type { SecureContext } from 'node:tls';
import { secureContext } from '../model/secure-context.ts';
import type { TlsCertificate, TlsPolicy } from '../model/tls-policy.ts';

type Tls = typeof import('node:tls');

/** node:tls costs a process some memory, so that only those load it who need it; it comes with Node's own executable. */
export function loadTls(): Tls {
  return process.getBuiltinModule('node:tls');
}

/** The certificates of a service, ready to use: which of them a client gets hangs on the host that it asks for. */
export class TlsContexts {
  readonly first: SecureContext;
  readonly #named: ReadonlyMap<string, SecureContext>;

  constructor(policy: TlsPolicy) {
    const { createSecureContext } = loadTls();
    const make = (pair: TlsCertificate): SecureContext => createSecureContext(secureContext(pair, policy));
    this.first = make(policy.first);
    this.#named = new Map(policy.named.map((each) => [each.name, make(each)]));
  }

  /** That of the name itself, or that of all names beside it; otherwise the first. */
  of(host: string): SecureContext {
    const name = host.toLowerCase();
    const dot = name.indexOf('.');
    const wildcard = dot < 0 ? undefined : this.#named.get(`*${name.slice(dot)}`);
    return this.#named.get(name) ?? wildcard ?? this.first;
  }
}
