import { constants } from 'node:os';
import type { Endpoint } from '../model/address.ts';
import type { PauseReason } from '../model/pause-reason.ts';
import type { Binding } from '../native/binding.ts';
import { Descriptor } from '../native/descriptor.ts';
import { ENDPOINT_BYTES, readEndpoint } from '../native/endpoint-codec.ts';
import { errnoName } from '../native/errno.ts';
import type { Poller } from '../native/poller.ts';
import type { LiveListener } from './live-listener.ts';
import { PolledSocket } from './polled-socket.ts';

/** Connections taken from one listener before others get their turn. */
const ACCEPTS_PER_TURN = 16;

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

export interface StreamHandlers {
  /** Takes the connection; false ends this turn. */
  onConnection(connection: Descriptor, peer: Endpoint): boolean;
  /** accept(2) failed for want of something: the listener has paused itself for `descriptors`. */
  onStarved(code: string): void;
}

/** A socket whose connections are accepted here. */
export class StreamListener implements LiveListener {
  readonly service: number;
  readonly row: number;
  readonly #binding: Binding;
  readonly #socket: PolledSocket;
  readonly #handlers: StreamHandlers;
  readonly #peer = new Uint8Array(ENDPOINT_BYTES);
  readonly #peerView = new DataView(this.#peer.buffer);

  constructor(options: {
    binding: Binding;
    poller: Poller;
    descriptor: Descriptor;
    service: number;
    row: number;
    handlers: StreamHandlers;
  }) {
    const { binding, poller, descriptor } = options;
    this.service = options.service;
    this.row = options.row;
    this.#binding = binding;
    this.#handlers = options.handlers;
    this.#socket = new PolledSocket({ binding, poller, descriptor, onReadable: () => this.#acceptBatch() });
  }

  local(): Endpoint {
    return this.#socket.local();
  }

  get pauses(): ReadonlySet<PauseReason> {
    return this.#socket.pauses;
  }

  start(): void {
    this.#socket.start();
  }

  pause(reason: PauseReason): void {
    this.#socket.pause(reason);
  }

  resume(reason: PauseReason): void {
    this.#socket.resume(reason);
  }

  close(): void {
    this.#socket.close();
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
    const result = this.#binding.accept(this.#socket.fd, this.#peer);
    if (result >= 0) {
      const connection = new Descriptor(this.#binding, result);
      const more = this.#handlers.onConnection(connection, readEndpoint(this.#peerView, 0));
      return more && this.#socket.isPolled ? 'accepted' : 'stop';
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
