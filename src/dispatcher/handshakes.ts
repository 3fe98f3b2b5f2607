import type { TLSSocket } from 'node:tls';
import type { TlsPolicy } from '../model/tls-policy.ts';
import type { Binding } from '../native/binding.ts';
import { ByteReader } from '../native/byte-reader.ts';
import { Descriptor } from '../native/descriptor.ts';
import { errnoName } from '../native/errno.ts';
import type { Poller } from '../native/poller.ts';
import type { SocketParts } from '../native/socket-parts.ts';
import { SocketStream } from '../relay/socket-stream.ts';
import { TlsContexts } from '../relay/tls-contexts.ts';
import type { TlsFacts } from '../relay/tls-facts.ts';
import { tlsFault } from '../relay/tls-fault.ts';
import { type HandshakeOutcome, TlsHandshake } from '../relay/tls-handshake.ts';
import { SourcePlaces } from './source-places.ts';
import { TlsRelays } from './tls-relays.ts';
import type { World } from './world.ts';

/** A record of TLS has no more. */
const READ_BYTES = 16_384;

/** What comes of it. The descriptor is one end of a socket pair, and the caller's: whoever serves the client talks to it. */
export type Secured =
  | { readonly kind: 'secured'; readonly descriptor: Descriptor; readonly facts: TlsFacts }
  | Exclude<HandshakeOutcome, { readonly kind: 'secured' }>;

/** A client that is to speak TLS first. */
export interface Unsecured {
  /** Taken. */
  readonly descriptor: Descriptor;
  readonly service: number;
  /** Whom the client counts for. */
  readonly source: Uint32Array;
  readonly policy: TlsPolicy;
  /** How long nothing may be said behind the handshake; undefined: as long as they like. */
  idleMs(facts: TlsFacts): number | undefined;
}

export interface HandshakesOptions {
  readonly binding: Binding;
  readonly poller: Poller;
  readonly world: Pick<World, 'after' | 'nowMs'>;
}

/**
 * Clients on their way to a session, in places of their own: silent ones cost no more than these, and for no longer than the
 * deadline (S79, S142). Behind it this process carries what they say, as nobody else has their keys.
 */
export class Handshakes {
  readonly #options: HandshakesOptions;
  readonly #parts: Omit<SocketParts, 'after'>;
  readonly #places = new SourcePlaces();
  readonly #open = new Set<TlsHandshake>();
  readonly #relays: TlsRelays;
  /** Made at the first client after each reload. */
  readonly #contexts = new WeakMap<TlsPolicy, TlsContexts>();

  constructor(options: HandshakesOptions) {
    const { binding, poller, world } = options;
    this.#options = options;
    this.#parts = { binding, poller, reader: new ByteReader(binding, READ_BYTES), nowMs: world.nowMs };
    this.#relays = new TlsRelays(world);
  }

  /** Calls back once; at once only where there is no place. */
  begin(client: Unsecured, done: (secured: Secured) => void): void {
    const { descriptor, policy } = client;
    const giveBack = this.#places.take(client, policy.handshakes);
    const contexts = giveBack && this.#contextsOf(policy);
    if (!giveBack || !contexts || 'code' in contexts) {
      giveBack?.();
      descriptor.close();
      done({ kind: 'failed', code: contexts && 'code' in contexts ? contexts.code : 'busy' });
      return;
    }
    // A unix socket has no such option, and needs none.
    this.#options.binding.setNoDelay(descriptor.fd);
    const stream = new SocketStream({ parts: this.#parts, descriptor, isPatient: false });
    const handshake: TlsHandshake = new TlsHandshake({
      ...{ stream, policy, contexts, after: this.#options.world.after },
      onOutcome: (outcome) => {
        this.#open.delete(handshake);
        giveBack();
        done(
          outcome.kind === 'secured'
            ? this.#carry({ stream, idleMs: client.idleMs(outcome.facts), ...outcome })
            : outcome,
        );
      },
    });
    this.#open.add(handshake);
  }

  /** For a stop: nobody comes in any more. Those who are in go on for as long as whoever serves them. */
  close(): void {
    for (const handshake of this.#open) handshake.close();
  }

  /** Ahead of the end of this process: clients get the last words of those who served them. */
  finish(done: () => void): void {
    this.#relays.finish(done);
  }

  /** The compiler has tried it; another library than its own may see it differently. */
  #contextsOf(policy: TlsPolicy): TlsContexts | { readonly code: string } {
    const known = this.#contexts.get(policy);
    if (known) return known;
    try {
      const made = new TlsContexts(policy);
      this.#contexts.set(policy, made);
      return made;
    } catch (error) {
      return { code: tlsFault(error as { readonly code?: unknown }) };
    }
  }

  #carry({
    stream,
    socket,
    facts,
    idleMs,
  }: {
    readonly stream: SocketStream;
    readonly idleMs: number | undefined;
    readonly socket: TLSSocket;
    readonly facts: TlsFacts;
  }): Secured {
    const { binding } = this.#options;
    const pair = new Int32Array(2);
    const made = binding.socketPair(pair);
    if (made < 0) {
      socket.destroy();
      stream.destroy();
      return { kind: 'failed', code: errnoName(-made) };
    }
    const [ours, theirs] = Array.from(pair, (fd) => new Descriptor(binding, fd)) as [Descriptor, Descriptor];
    const inner = new SocketStream({ parts: this.#parts, descriptor: ours, isPatient: true });
    this.#relays.carry({ outer: stream, socket, inner, idleMs });
    return { kind: 'secured', descriptor: theirs, facts };
  }
}
