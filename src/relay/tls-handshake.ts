import type { SecureContext, TLSSocket } from 'node:tls';
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

/**
 * Who has said all that it will ever say has either said enough, which is to be worked on yet, or comes to nothing: it
 * need not have its place until the deadline.
 */
const HALF_CLOSED_MS = 1000;

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

/**
 * OpenSSL keeps the host that a client has asked for with a session of TLS 1.2 only where its server knows the host at
 * once; whoever resumes one without that has asked for none. SNICallback comes later, and has the last word.
 */
function keepServerName(socket: TLSSocket, first: SecureContext): void {
  const handle = (socket as unknown as { readonly _handle?: { sni_context?: unknown } | null })._handle;
  if (handle) handle.sni_context = first.context;
}

/** The compiler has tried all of them; another library than its own may see one differently. */
function choose(
  host: string,
  options: {
    readonly contexts: TlsContexts;
    readonly callback: (error: Error | null, context?: SecureContext) => void;
  },
): void {
  const { contexts, callback } = options;
  let chosen: SecureContext;
  try {
    chosen = contexts.of(host);
  } catch (error) {
    callback(error as Error);
    return;
  }
  callback(null, chosen);
}

function tlsSocketOf({ stream, policy, contexts }: HandshakeOptions): TLSSocket {
  const { TLSSocket } = loadTls();
  const socket = new TLSSocket(stream, {
    isServer: true,
    secureContext: contexts.first,
    SNICallback: (host, callback) => choose(host, { contexts, callback }),
    requestCert: policy.client !== 'none',
    rejectUnauthorized: policy.client === 'required',
    ...(policy.alpn.length > 0 && { ALPNProtocols: [...policy.alpn] }),
  });
  keepServerName(socket, contexts.first);
  return socket;
}

/** From the first byte of a client to a session, within one time for all of it, however slowly the bytes come (S79, S142). */
export class TlsHandshake {
  readonly #options: HandshakeOptions;
  readonly #socket: TLSSocket;
  readonly #cancels: (() => void)[];
  #isOpen = true;

  constructor(options: HandshakeOptions) {
    const { policy, stream, after } = options;
    this.#options = options;
    this.#socket = tlsSocketOf(options);
    this.#cancels = [after(policy.handshakeMs, () => this.#fail('handshake_timeout'))];
    this.#socket.once('secure', () => this.#secured());
    // Of what comes after the handshake the stream's end tells.
    this.#socket.on('error', (error) => this.#fail(tlsFault(error)));
    this.#socket.once('close', () => this.#fail(stream.fault ?? 'ECONNRESET'));
    stream.once('end', () => this.#hurry());
    stream.once('close', () => this.#fail(stream.fault ?? 'ECONNRESET'));
  }

  close(): void {
    this.#end({ kind: 'stopping' });
  }

  /** `end` may be told of after the session has begun. */
  #hurry(): void {
    if (this.#isOpen) this.#cancels.push(this.#options.after(HALF_CLOSED_MS, () => this.#fail('ECONNRESET')));
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
    for (const cancel of this.#cancels) cancel();
    if (outcome.kind !== 'secured') {
      this.#socket.destroy();
      this.#options.stream.destroy();
    }
    this.#options.onOutcome(outcome);
  }
}
