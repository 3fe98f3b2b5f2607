import { type Endpoint, formatEndpoint } from '../model/address.ts';
import type { PauseReason } from '../model/pause-reason.ts';
import type { Binding } from '../native/binding.ts';
import type { Descriptor } from '../native/descriptor.ts';
import type { Poller } from '../native/poller.ts';
import type { DatagramQueue } from './datagram-queue.ts';
import { PolledSocket } from './polled-socket.ts';

/** Sockets of one listener that wait for their peer. */
const MOST = 64;
/** Programs send again after one to five seconds. */
const WAIT_MS = 6000;

export interface AwaitedPeersOptions {
  readonly binding: Binding;
  readonly poller: Poller;
  readonly queue: DatagramQueue;
  readonly after: (delayMs: number, callback: () => void) => () => void;
  /** One has sent again. */
  readonly onPeer: (peer: Endpoint, socket: Descriptor) => void;
}

interface Awaited {
  readonly peer: Endpoint;
  readonly socket: PolledSocket;
  readonly callOff: () => void;
}

function keyOf(peer: Endpoint): string {
  return `${formatEndpoint(peer)} ${peer.scopeId}`;
}

/** Sockets of peers whose datagram was lost among those of others: what such a peer sends next comes here, and to nobody else. */
export class AwaitedPeers {
  readonly #options: AwaitedPeersOptions;
  readonly #awaited = new Map<string, Awaited>();
  readonly #pauses = new Set<PauseReason>();

  constructor(options: AwaitedPeersOptions) {
    this.#options = options;
  }

  get hasRoom(): boolean {
    return this.#awaited.size < MOST;
  }

  has(peer: Endpoint): boolean {
    return this.#awaited.has(keyOf(peer));
  }

  /** Takes a socket that receives from this peer alone. */
  add(peer: Endpoint, descriptor: Descriptor): void {
    if (!this.hasRoom) {
      descriptor.close();
      return;
    }
    const { binding, poller, after } = this.#options;
    const key = keyOf(peer);
    const onReadable = (): void => this.#take(key);
    const socket = new PolledSocket({ binding, poller, descriptor, onReadable, pauses: this.#pauses });
    this.#awaited.set(key, { peer, socket, callOff: after(WAIT_MS, () => this.#end(key)) });
    socket.start();
  }

  /** The peer has a socket elsewhere. */
  forget(peer: Endpoint): void {
    this.#end(keyOf(peer));
  }

  pause(reason: PauseReason): void {
    this.#pauses.add(reason);
    for (const { socket } of this.#awaited.values()) socket.pause(reason);
  }

  resume(reason: PauseReason): void {
    this.#pauses.delete(reason);
    for (const { socket } of this.#awaited.values()) socket.resume(reason);
  }

  close(): void {
    for (const key of [...this.#awaited.keys()]) this.#end(key);
  }

  #take(key: string): void {
    const found = this.#awaited.get(key);
    if (!found) return;
    const head = this.#options.queue.head(found.socket.fd);
    if (head === 'empty' || head === 'passing') return;
    this.#awaited.delete(key);
    found.callOff();
    const descriptor = found.socket.release();
    if ('sender' in head) this.#options.onPeer(found.peer, descriptor);
    else descriptor.close();
  }

  #end(key: string): void {
    const found = this.#awaited.get(key);
    if (!found) return;
    this.#awaited.delete(key);
    found.callOff();
    found.socket.close();
  }
}
