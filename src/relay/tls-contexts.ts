import type { SecureContext } from 'node:tls';
import { findNamed } from '../model/find-named.ts';
import { secureContext } from '../model/secure-context.ts';
import type { TlsCertificate, TlsPolicy } from '../model/tls-policy.ts';

type Tls = typeof import('node:tls');

/** node:tls costs a process some memory, so that only those load it who need it; it comes with Node's own executable. */
export function loadTls(): Tls {
  return process.getBuiltinModule('node:tls');
}

/**
 * The certificates of a service, ready to use: which of them a client gets hangs on the host that it asks for. One takes
 * OpenSSL a millisecond or two, and there may be hundreds, so that each is made for the first client that wants it.
 */
export class TlsContexts {
  readonly first: SecureContext;
  readonly #policy: TlsPolicy;
  readonly #made = new Map<TlsCertificate, SecureContext>();

  /** Throws what OpenSSL has against the first of them; `of` does for the others. */
  constructor(policy: TlsPolicy) {
    this.#policy = policy;
    this.first = this.#make(policy.first);
  }

  /** That of the name itself, or that of all names beside it; otherwise the first. */
  of(host: string): SecureContext {
    const pair = findNamed(this.#policy.named, host);
    if (!pair) return this.first;
    const made = this.#made.get(pair) ?? this.#make(pair);
    this.#made.set(pair, made);
    return made;
  }

  #make(pair: TlsCertificate): SecureContext {
    return loadTls().createSecureContext(secureContext(pair, this.#policy));
  }
}
