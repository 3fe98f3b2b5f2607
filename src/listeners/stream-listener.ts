import { constants } from 'node:os';
import type { Endpoint } from '../model/address.ts';
import type { CheckName } from '../model/check-name.ts';
import type { Binding } from '../native/binding.ts';
import { Descriptor } from '../native/descriptor.ts';
import { decodeEndpoint, ENDPOINT_BYTES } from '../native/endpoint-codec.ts';
import { errnoName } from '../native/errno.ts';
import { localEndpoint } from '../native/local-endpoint.ts';
import { type Poller, READABLE } from '../native/poller.ts';

/** Connections taken from one listener before others get their turn. */
const ACCEPTS_PER_TURN = 16;

/** Why a listener is not polled; it is polled again when the last reason is gone. */
export type PauseReason = 'descriptors' | 'launches' | 'launches-of-one' | 'suspended' | `queue:${CheckName}`;

const { errno } = constants;

/** Node has no names for them. */
const ENONET = 64;
const EHOSTDOWN = 112;

/** The client, or its network, went away between SYN and accept(2): no loss of ours (S72, S73). */
const ABORTED: ReadonlySet<number> = new Set(
  [errno.ECONNABORTED, errno.EINTR, errno.EPROTO, errno.ENETDOWN, errno.ENOPROTOOPT, errno.EHOSTUNREACH]
    .concat([errno.EOPNOTSUPP, errno.ENETUNREACH, errno.EPERM, ENONET, EHOSTDOWN])
    .map((number) => -number),
);

export interface ListenerHandlers {
  /** Takes the connection; false ends this turn. */
  onConnection(connection: Descriptor, peer: Endpoint): boolean;
  /** accept(2) failed for want of something: the listener has paused itself for `descriptors`. */
  onStarved(code: string): void;
}

/** A listening TCP socket that the spawner holds too: closing it here does not close it there. */
export class StreamListener {
  readonly service: number;
  readonly #binding: Binding;
  readonly #poller: Poller;
  readonly #descriptor: Descriptor;
  readonly #handlers: ListenerHandlers;
  readonly #pauses = new Set<PauseReason>();
  readonly #peer = new Uint8Array(ENDPOINT_BYTES);
  #open = true;

  constructor(options: {
    binding: Binding;
    poller: Poller;
    descriptor: Descriptor;
    service: number;
    handlers: ListenerHandlers;
  }) {
    this.service = options.service;
    this.#binding = options.binding;
    this.#poller = options.poller;
    this.#descriptor = options.descriptor;
    this.#handlers = options.handlers;
  }

  /** Where it really listens: with port 0, the port that the kernel chose. */
  local(): Endpoint {
    return localEndpoint(this.#binding, this.#descriptor);
  }

  start(): void {
    if (!this.#open || this.#pauses.size > 0) return;
    this.#poller.watch(this.#descriptor, { events: READABLE, watcher: () => this.#acceptBatch() });
  }

  pause(reason: PauseReason): void {
    this.#pauses.add(reason);
    if (this.#open) this.#poller.forget(this.#descriptor);
  }

  resume(reason: PauseReason): void {
    if (this.#pauses.delete(reason)) this.start();
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#poller.forget(this.#descriptor);
    this.#descriptor.close();
  }

  /** Nothing but aborted connections in a whole batch is a fault that lasts: pause, do not spin (S75). */
  #acceptBatch(): void {
    let aborted = 0;
    for (let count = 0; count < ACCEPTS_PER_TURN; count++) {
      const result = this.#acceptOne();
      if (result === 'stop') return;
      if (result === 'aborted') aborted++;
    }
    if (aborted === ACCEPTS_PER_TURN) this.#starve('ECONNABORTED');
  }

  #acceptOne(): 'accepted' | 'aborted' | 'stop' {
    const result = this.#binding.accept(this.#descriptor.fd, this.#peer);
    if (result >= 0) {
      const connection = new Descriptor(this.#binding, result);
      const more = this.#handlers.onConnection(connection, decodeEndpoint(this.#peer));
      return more && this.#open && this.#pauses.size === 0 ? 'accepted' : 'stop';
    }
    if (result === -errno.EAGAIN) return 'stop';
    if (ABORTED.has(result)) return 'aborted';
    this.#starve(errnoName(-result));
    return 'stop';
  }

  #starve(code: string): void {
    this.pause('descriptors');
    this.#handlers.onStarved(code);
  }
}
