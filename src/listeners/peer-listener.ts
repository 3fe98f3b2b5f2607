import { type Endpoint, isSameEndpoint } from '../model/address.ts';
import type { PauseReason } from '../model/pause-reason.ts';
import type { Binding } from '../native/binding.ts';
import type { Descriptor } from '../native/descriptor.ts';
import { errnoName } from '../native/errno.ts';
import type { Poller } from '../native/poller.ts';
import { AwaitedPeers } from './awaited-peers.ts';
import { DatagramQueue, type Head } from './datagram-queue.ts';
import { keepOnlyOf } from './keep-only-of.ts';
import type { LiveListener } from './live-listener.ts';
import { PolledSocket } from './polled-socket.ts';

/** Datagrams looked at before other listeners get their turn. */
const DATAGRAMS_PER_TURN = 16;

/** What passes: the datagram stays where it is, and is looked at again a little later. */
const SHORT: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'EAGAIN']);

export interface PeerHandlers {
  /** Whether the sender of a datagram may have a handler; one who may not has been told of. */
  mayEnter(sender: Endpoint): boolean;
  /** Asks the spawner to leave the socket to this peer and to open another: answered by `renew` or `renewFailed`. */
  onWanted(peer: Endpoint): void;
  /** A socket that receives from this peer alone, and holds what the peer has sent. */
  onPeer(peer: Endpoint, socket: Descriptor): void;
  /** No socket could be had for this peer. */
  onFailed(peer: Endpoint, code: string): void;
  /** So many datagrams were dropped, since they stood in a socket that became somebody else's. */
  onDropped(count: number): void;
  onStarved(code: string): void;
  /** As World has it. */
  after(delayMs: number, callback: () => void): () => void;
}

function isHead(found: unknown): found is Head {
  return typeof found === 'object' && found !== null && 'sender' in found;
}

/**
 * A socket for datagrams that becomes that of the peer who sent the first one, while another takes its place; see
 * docs/decisions/0011-datagrams-by-peer.md.
 */
export class PeerListener implements LiveListener {
  readonly service: number;
  readonly row: number;
  readonly #binding: Binding;
  readonly #socket: PolledSocket;
  readonly #queue: DatagramQueue;
  readonly #handlers: PeerHandlers;
  readonly #awaited: AwaitedPeers;
  /** Whom the socket in use is becoming. */
  #wanted: Endpoint | undefined;
  /** Those whose datagrams were dropped, and who shall have a socket before they send again. */
  #next: readonly Endpoint[] = [];

  constructor(options: {
    binding: Binding;
    poller: Poller;
    descriptor: Descriptor;
    service: number;
    row: number;
    handlers: PeerHandlers;
  }) {
    const { binding, poller, descriptor, handlers } = options;
    this.service = options.service;
    this.row = options.row;
    this.#binding = binding;
    this.#handlers = handlers;
    this.#queue = new DatagramQueue(binding);
    this.#socket = new PolledSocket({ binding, poller, descriptor, onReadable: () => this.#turn() });
    this.#awaited = new AwaitedPeers({
      ...{ binding, poller, queue: this.#queue, after: handlers.after },
      onPeer: handlers.onPeer,
    });
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
    this.#awaited.pause(reason);
  }

  resume(reason: PauseReason): void {
    this.#socket.resume(reason);
    this.#awaited.resume(reason);
  }

  close(): void {
    this.#socket.close();
    this.#awaited.close();
  }

  renew(descriptor: Descriptor): void {
    const peer = this.#wanted;
    if (!peer) {
      descriptor.close();
      return;
    }
    this.#wanted = undefined;
    const old = this.#socket.replace(descriptor);
    this.#settle(old, peer);
    this.#goOn();
  }

  renewFailed(code: string): void {
    const peer = this.#wanted;
    if (!peer) return;
    this.#wanted = undefined;
    if (SHORT.has(code)) {
      this.#next = [];
      this.pause('descriptors');
      this.#handlers.onStarved(code);
    } else {
      this.#dropFirstOf(peer);
      this.#handlers.onFailed(peer, code);
    }
    this.#goOn();
  }

  #turn(): void {
    for (let count = 0; count < DATAGRAMS_PER_TURN && this.#socket.isPolled; count++) {
      const found = this.#queue.head(this.#socket.fd);
      if (found === 'empty') return;
      if (found === 'passing') continue;
      if (!isHead(found)) {
        this.pause('descriptors');
        this.#handlers.onStarved(errnoName(found.errno));
        return;
      }
      if (this.#handlers.mayEnter(found.sender)) this.#want(found.sender);
      else this.#queue.drop(this.#socket.fd);
    }
  }

  #want(peer: Endpoint): void {
    this.#wanted = peer;
    this.#socket.pause('opening');
    this.#handlers.onWanted(peer);
  }

  /** Whoever else has a datagram in the peer's socket loses it, and is to lose no second one. */
  #settle(old: Descriptor, peer: Endpoint): void {
    const { isLeft, dropped, others } = keepOnlyOf(peer, {
      ...{ binding: this.#binding, queue: this.#queue, fd: old.fd },
    });
    this.#awaited.forget(peer);
    if (isLeft) this.#handlers.onPeer(peer, old);
    else this.#awaited.add(peer, old);
    if (dropped > 0) this.#handlers.onDropped(dropped);
    this.#next = [...this.#next, ...others.filter((other) => this.#isNew(other))];
  }

  #isNew(other: Endpoint): boolean {
    if (this.#awaited.has(other) || this.#next.some((next) => isSameEndpoint(next, other))) return false;
    return this.#awaited.hasRoom && this.#handlers.mayEnter(other);
  }

  #goOn(): void {
    const [next, ...rest] = this.#next;
    this.#next = rest;
    if (next && this.#socket.isOpen) this.#want(next);
    else this.#socket.resume('opening');
  }

  #dropFirstOf(peer: Endpoint): void {
    if (!this.#socket.isOpen) return;
    const found = this.#queue.head(this.#socket.fd);
    if (isHead(found) && isSameEndpoint(found.sender, peer)) this.#queue.drop(this.#socket.fd);
  }
}
