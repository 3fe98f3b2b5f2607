import { constants } from 'node:os';
import type { Endpoint } from '../model/address.ts';
import type { PauseReason } from '../model/pause-reason.ts';
import type { Binding } from '../native/binding.ts';
import type { Descriptor } from '../native/descriptor.ts';
import { decodeEndpoint, ENDPOINT_BYTES } from '../native/endpoint-codec.ts';
import { errnoName } from '../native/errno.ts';
import type { Poller } from '../native/poller.ts';
import type { LiveListener } from './live-listener.ts';
import { PolledSocket } from './polled-socket.ts';

/** Datagrams taken before other listeners get their turn. */
const DATAGRAMS_PER_TURN = 16;
/** The longest of UDP over IPv4. */
const MOST_DATAGRAM_BYTES = 65_507;

const { errno } = constants;

/** Answers to what was sent from this socket before, which say nothing about what has come in. */
const PASSING: ReadonlySet<number> = new Set(
  [errno.EINTR, errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EMSGSIZE, errno.EPROTO]
    .concat([errno.ENETDOWN, errno.ENOPROTOOPT])
    .map((number) => -number),
);

/** One datagram: its bytes are valid during the call, those of its ends as long as anybody likes. */
export interface Datagram {
  readonly peer: Endpoint;
  /** Where it was sent to; the port is not said. */
  readonly local: Endpoint;
  readonly bytes: Uint8Array;
  /** Sends from where it was sent to, so that it is taken for an answer (S69). What cannot be sent at once is lost. */
  reply(bytes: Uint8Array): void;
}

export interface AnswerHandlers {
  onDatagram(datagram: Datagram): void;
  /** recvmsg(2) failed for want of something: the listener has paused itself for `descriptors`. */
  onStarved(code: string): void;
  /** Once: there is no more to come. */
  onClosed(): void;
}

/** A socket whose datagrams are read here, one after the other, those without a byte as well (S68). */
export class AnswerListener implements LiveListener {
  readonly service: number;
  readonly row: number;
  readonly #binding: Binding;
  readonly #socket: PolledSocket;
  readonly #handlers: AnswerHandlers;
  readonly #bytes = new Uint8Array(MOST_DATAGRAM_BYTES);
  readonly #ends = new Uint8Array(2 * ENDPOINT_BYTES);

  constructor(options: {
    binding: Binding;
    poller: Poller;
    descriptor: Descriptor;
    service: number;
    row: number;
    handlers: AnswerHandlers;
  }) {
    const { binding, poller, descriptor } = options;
    this.service = options.service;
    this.row = options.row;
    this.#binding = binding;
    this.#handlers = options.handlers;
    this.#socket = new PolledSocket({ binding, poller, descriptor, onReadable: () => this.#turn() });
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
    if (!this.#socket.isOpen) return;
    this.#socket.close();
    this.#handlers.onClosed();
  }

  #turn(): void {
    for (let count = 0; count < DATAGRAMS_PER_TURN && this.#socket.isPolled; count++) {
      const length = this.#binding.receiveDatagram(this.#socket.fd, this.#bytes, this.#ends, 0);
      if (length === -errno.EAGAIN) return;
      if (length >= 0) this.#handlers.onDatagram(this.#datagram(length));
      else if (!PASSING.has(length)) {
        this.pause('descriptors');
        this.#handlers.onStarved(errnoName(-length));
      }
    }
  }

  #datagram(length: number): Datagram {
    const ends = Uint8Array.from(this.#ends);
    return {
      peer: decodeEndpoint(ends),
      local: decodeEndpoint(ends.subarray(ENDPOINT_BYTES)),
      bytes: this.#bytes.subarray(0, Math.min(length, MOST_DATAGRAM_BYTES)),
      reply: (bytes) => {
        if (this.#socket.isOpen) this.#binding.sendDatagram(this.#socket.fd, bytes, ends);
      },
    };
  }
}
