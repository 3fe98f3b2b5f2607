import type { TLSSocket } from 'node:tls';
import type { SocketStream } from './socket-stream.ts';

/** What a client has for the last words of a handler that is gone; and then, once it has them, to say that it goes. */
const FAREWELL_MS = 30_000;
const LINGER_MS = 2000;

export interface TlsRelayOptions {
  /** The client's. */
  readonly outer: SocketStream;
  readonly socket: TLSSocket;
  /** To whoever serves it. */
  readonly inner: SocketStream;
  /** Without a byte in either direction for this long it ends; undefined: never. */
  readonly idleMs: number | undefined;
  nowMs(): number;
  after(delayMs: number, callback: () => void): () => void;
  /** Nobody serves the client any more, which has what it was told or is being told. */
  readonly onLingering: () => void;
  readonly onEnd: () => void;
}

/**
 * Carries bytes between a client that speaks TLS and a socket pair, each direction no faster than it is taken. An end is
 * passed on as one, close_notify as the end of a file and back, and the other direction goes on.
 */
export class TlsRelay {
  readonly #options: TlsRelayOptions;
  #cancel: () => void = () => {};
  #isOpen = true;
  #isLingering = false;

  constructor(options: TlsRelayOptions) {
    this.#options = options;
    const { socket, inner, outer } = options;
    inner.once('hangup', () => this.#linger());
    inner.once('close', () => this.#linger());
    outer.once('finish', () => this.#isLingering && this.#wait(LINGER_MS));
    socket.once('close', () => this.#clientGone());
    outer.once('close', () => this.#clientGone());
    socket.pipe(inner);
    inner.pipe(socket);
    this.#awaitIdle();
  }

  get isLingering(): boolean {
    return this.#isLingering;
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#cancel();
    const { socket, inner, outer, onEnd } = this.#options;
    for (const each of [socket, inner, outer]) each.destroy();
    onEnd();
  }

  /** It may have said more before it went than the handler has taken yet. */
  #clientGone(): void {
    const { inner } = this.#options;
    if (!inner.writableEnded || inner.writableFinished || inner.destroyed) {
      this.close();
      return;
    }
    inner.once('finish', () => this.close());
    inner.once('close', () => this.close());
  }

  /** The handler is gone. A client that takes nothing, or does not go, must not be held for ever. */
  #linger(): void {
    if (!this.#isOpen || this.#isLingering) return;
    this.#isLingering = true;
    const { outer, onLingering } = this.#options;
    this.#wait(outer.writableFinished ? LINGER_MS : FAREWELL_MS);
    onLingering();
  }

  #awaitIdle(): void {
    const { outer, inner, idleMs, nowMs, after } = this.#options;
    if (idleMs === undefined || !this.#isOpen || this.#isLingering) return;
    const leftMs = Math.max(outer.movedAtMs, inner.movedAtMs) + idleMs - nowMs();
    if (leftMs <= 0) this.close();
    else this.#cancel = after(leftMs, () => this.#awaitIdle());
  }

  #wait(delayMs: number): void {
    this.#cancel();
    this.#cancel = this.#options.after(delayMs, () => this.close());
  }
}
