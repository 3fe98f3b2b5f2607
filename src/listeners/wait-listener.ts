import { constants } from 'node:os';
import { type Endpoint, isSameEndpoint } from '../model/address.ts';
import { isDatagram, type ListenScheme } from '../model/listen-address.ts';
import { NOBODY } from '../model/nobody.ts';
import type { PauseReason } from '../model/pause-reason.ts';
import type { Binding } from '../native/binding.ts';
import { Descriptor } from '../native/descriptor.ts';
import { decodeEndpoint, ENDPOINT_BYTES } from '../native/endpoint-codec.ts';
import { errnoName } from '../native/errno.ts';
import type { Poller } from '../native/poller.ts';
import { DatagramQueue, type Head, type Lack } from './datagram-queue.ts';
import type { LiveListener } from './live-listener.ts';
import { PolledSocket } from './polled-socket.ts';

/** Refusals before other listeners get their turn. */
const ARRIVALS_PER_TURN = 16;

/** What waits in a listener, as far as that can be told from outside. */
export interface Sight {
  /** Of the first datagram; nobody where it is not known. */
  readonly sender: Endpoint;
  /** Bytes of the first datagram, or how many connections there are. */
  readonly amount: number;
}

export interface WaitHandlers {
  /** Somebody waits there. It must be held, paused, or rid of who came, or it spins. */
  onArrival(sight: Sight): void;
  /** Something ran short: the listener has paused itself for `descriptors`. */
  onStarved(code: string): void;
}

/** Connections of a listener look like datagrams that nobody has sent. */
type Look = () => Head | Lack;

/** A socket that handlers get, one after the other. Nothing is read from it here, and nobody who is served is accepted. */
export class WaitListener implements LiveListener {
  readonly service: number;
  readonly row: number;
  /** Datagrams come here, not connections. */
  readonly hasSenders: boolean;
  readonly #binding: Binding;
  readonly #poller: Poller;
  readonly #socket: PolledSocket;
  readonly #queue: DatagramQueue;
  readonly #handlers: WaitHandlers;
  readonly #look: Look;
  #holds = 0;
  #isGoingOn = false;

  constructor(options: {
    binding: Binding;
    poller: Poller;
    descriptor: Descriptor;
    service: number;
    row: number;
    scheme: ListenScheme;
    handlers: WaitHandlers;
  }) {
    const { binding, poller, descriptor, scheme } = options;
    this.service = options.service;
    this.row = options.row;
    this.#binding = binding;
    this.#poller = poller;
    this.#handlers = options.handlers;
    this.#queue = new DatagramQueue(binding);
    this.#socket = new PolledSocket({ binding, poller, descriptor, onReadable: () => this.#turn() });
    this.hasSenders = isDatagram(scheme);
    this.#look = this.hasSenders ? () => this.#peek(scheme) : () => this.#countConnections();
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

  /** A handler has it until the function that this gives is called; whoever waits behind it has a turn in the same turn of the poller. */
  hold(): () => void {
    this.#holds++;
    this.pause('busy');
    return () => {
      this.#holds--;
      if (this.#holds === 0) this.#poller.endOfTurn(this.#goOn);
    };
  }

  /** What waits there; undefined for nothing. */
  look(): Sight | undefined {
    const found = this.#socket.isOpen ? this.#look() : 'empty';
    return typeof found === 'object' && 'sender' in found
      ? { sender: found.sender, amount: found.length }
      : undefined;
  }

  /** Whether nothing seems to have been taken since `before`: a datagram just like the first one may be another. */
  isAsAt(before: Sight): boolean {
    const now = this.look();
    if (!now) return false;
    if (!this.hasSenders) return now.amount >= before.amount;
    return now.amount === before.amount && isSameEndpoint(now.sender, before.sender);
  }

  /** Takes the first datagram out, for nobody. */
  drop(): void {
    this.#queue.drop(this.#socket.fd);
  }

  /** The first connection, for one who is not to be served. Undefined if it is gone, or nothing can be had. */
  accept(): { readonly connection: Descriptor; readonly peer: Endpoint } | undefined {
    const peer = new Uint8Array(ENDPOINT_BYTES);
    const result = this.#binding.acceptWaiting(this.#socket.fd, peer);
    if (result >= 0) return { connection: new Descriptor(this.#binding, result), peer: decodeEndpoint(peer) };
    if (result !== -constants.errno.EAGAIN) this.#starve(-result);
    return undefined;
  }

  /** Without a call to the kernel to poll it and another one not to. Once: what is let go of meanwhile could go on for ever. */
  readonly #goOn = (): void => {
    if (this.#holds > 0) return;
    if (this.#isGoingOn) {
      this.resume('busy');
      return;
    }
    this.#isGoingOn = true;
    this.#socket.resumeAtOnce('busy');
    this.#isGoingOn = false;
  };

  #turn(): void {
    for (let count = 0; count < ARRIVALS_PER_TURN && this.#socket.isPolled; count++) {
      const found = this.#look();
      if (found === 'empty') return;
      if (found === 'passing') continue;
      if ('errno' in found) {
        this.#starve(found.errno);
        return;
      }
      this.#handlers.onArrival({ sender: found.sender, amount: found.length });
    }
  }

  /** Senders of unix sockets have no address that means anything. */
  #peek(scheme: ListenScheme): Head | Lack {
    const found = this.#queue.head(this.#socket.fd);
    return typeof found === 'object' && 'sender' in found && scheme !== 'udp'
      ? { ...found, sender: NOBODY }
      : found;
  }

  #countConnections(): Head | Lack {
    const count = this.#binding.backlog(this.#socket.fd);
    if (count < 0) return { errno: -count };
    return count === 0 ? 'empty' : { sender: NOBODY, length: count };
  }

  #starve(errno: number): void {
    this.pause('descriptors');
    this.#handlers.onStarved(errnoName(errno));
  }
}
