import type { TLSSocket } from 'node:tls';
import type { TlsPolicy } from '../model/tls-policy.ts';
import type { SocketStream } from './socket-stream.ts';
import { loadTls, type TlsContexts } from './tls-contexts.ts';
import { type TlsFacts, tlsFacts } from './tls-facts.ts';
import { tlsFault } from './tls-fault.ts';

/** What comes of it; `code` says why nothing did. */
export type HandshakeOutcome =
  | { readonly kind: 'secured'; readonly socket: TLSSocket; readonly facts: TlsFacts }
  | { readonly kind: 'failed'; readonly code: string }
  | { readonly kind: 'stopping' };

export interface HandshakeOptions {
  /** Destroyed unless it comes to `secured`. */
  readonly stream: SocketStream;
  readonly policy: TlsPolicy;
  readonly contexts: TlsContexts;
  after(delayMs: number, callback: () => void): () => void;
  /** Called once, never at once. */
  readonly onOutcome: (outcome: HandshakeOutcome) => void;
}

/** Node tells its own servers only, by this method, whether a certificate leads to a root; without it nobody is believed. */
interface Verifying {
  readonly _handle?: { verifyError?(): { readonly code?: unknown } | null | undefined } | null;
}

function verifyFault(socket: TLSSocket): string | undefined {
  if (!socket.getPeerX509Certificate()) return undefined;
  const handle = (socket as unknown as Verifying)._handle;
  if (!handle?.verifyError) return 'unverified';
  const error = handle.verifyError();
  return error ? tlsFault(error) : undefined;
}

function tlsSocketOf({ stream, policy, contexts }: HandshakeOptions): TLSSocket {
  const { TLSSocket } = loadTls();
  return new TLSSocket(stream, {
    isServer: true,
    secureContext: contexts.first,
    SNICallback: (host, callback) => callback(null, contexts.of(host)),
    requestCert: policy.client !== 'none',
    rejectUnauthorized: policy.client === 'required',
    ...(policy.alpn.length > 0 && { ALPNProtocols: [...policy.alpn] }),
  });
}

/** From the first byte of a client to a session, within one time for all of it, however slowly the bytes come (S79, S142). */
export class TlsHandshake {
  readonly #options: HandshakeOptions;
  readonly #socket: TLSSocket;
  readonly #cancel: () => void;
  #isOpen = true;

  constructor(options: HandshakeOptions) {
    const { policy, stream, after } = options;
    this.#options = options;
    this.#socket = tlsSocketOf(options);
    this.#cancel = after(policy.handshakeMs, () => this.#fail('handshake_timeout'));
    this.#socket.once('secure', () => this.#secured());
    // Of what comes after the handshake the stream's end tells.
    this.#socket.on('error', (error) => this.#fail(tlsFault(error)));
    this.#socket.once('close', () => this.#fail(stream.fault ?? 'ECONNRESET'));
    stream.once('close', () => this.#fail(stream.fault ?? 'ECONNRESET'));
  }

  close(): void {
    this.#end({ kind: 'stopping' });
  }

  #secured(): void {
    const fault = verifyFault(this.#socket);
    if (fault !== undefined) this.#fail(fault);
    else this.#end({ kind: 'secured', socket: this.#socket, facts: tlsFacts(this.#socket) });
  }

  #fail(code: string): void {
    this.#end({ kind: 'failed', code });
  }

  #end(outcome: HandshakeOutcome): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#cancel();
    if (outcome.kind !== 'secured') {
      this.#socket.destroy();
      this.#options.stream.destroy();
    }
    this.#options.onOutcome(outcome);
  }
}
