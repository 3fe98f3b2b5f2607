import type { WorkerEnd } from '../events/worker-event.ts';
import type { ClientEnd } from '../model/forced-end.ts';
import type { PoolPolicy } from '../model/pool-policy.ts';
import type { Binding } from '../native/binding.ts';
import type { Descriptor } from '../native/descriptor.ts';
import { type Poller, READABLE, WRITABLE } from '../native/poller.ts';
import { OpenConnections } from './open-connections.ts';
import type { ConnectionHolder, PooledConnection } from './pooled-connection.ts';

/** `leaving`: it was told that no more will come, finishes what it has, and ends. */
export type WorkerState = 'starting' | 'serving' | 'leaving';

/** What becomes of what happens to a worker. */
export interface WorkerHandlers {
  readonly onReadable: (worker: PoolWorker) => void;
  /** It can be sent something again. */
  readonly onRoom: (worker: PoolWorker) => void;
  readonly onForced: (connection: PooledConnection, why: ClientEnd) => void;
  readonly onKilled: (worker: PoolWorker) => void;
}

export interface PoolWorkerOptions {
  readonly binding: Binding;
  readonly poller: Poller;
  readonly handlers: WorkerHandlers;
  /** Undefined of one that an earlier dispatcher has started: nothing can be said to it. */
  readonly channel: Descriptor | undefined;
  readonly id: number;
  readonly service: number;
  /** What it was started as. */
  readonly imprint: string | undefined;
  readonly sinceMs: number;
}

/** One handler of a pool, with the connections that it has. */
export class PoolWorker implements ConnectionHolder {
  readonly id: number;
  readonly service: number;
  readonly imprint: string | undefined;
  readonly sinceMs: number;
  /** An earlier dispatcher has started it, so that nobody knows what it has. */
  readonly isAdopted: boolean;
  readonly open: OpenConnections<PooledConnection> = new OpenConnections();
  state: WorkerState = 'starting';
  pid = 0;
  /** How many connections it was given. */
  given = 0;
  /** Whether it has brought one of them to an end. */
  isProven = false;
  /** Why it is to end; undefined: it is not. */
  why: WorkerEnd | undefined;
  /** TERM or KILL is on its way. */
  isEnding = false;
  /** What is waited for with it. */
  callOff: () => void = () => {};
  readonly #binding: Binding;
  readonly #poller: Poller;
  readonly #handlers: WorkerHandlers;
  readonly #passed = Int32Array.of(-1);
  /** Of the one packet that is sent: its length, and the descriptor. */
  readonly #row = new Int32Array(2);
  #channel: Descriptor | undefined;
  #isFull = false;

  constructor(options: PoolWorkerOptions) {
    this.id = options.id;
    this.service = options.service;
    this.imprint = options.imprint;
    this.sinceMs = options.sinceMs;
    this.isAdopted = options.channel === undefined;
    this.#binding = options.binding;
    this.#poller = options.poller;
    this.#handlers = options.handlers;
    this.#channel = options.channel;
    this.#watch();
  }

  /** Whether it can still say anything. */
  get isHeard(): boolean {
    return this.#channel !== undefined;
  }

  /** How many connections more it can be given just now. */
  room({ maxConnections, maxRequests = Number.POSITIVE_INFINITY }: PoolPolicy): number {
    if (this.state !== 'serving' || this.#isFull) return 0;
    return Math.min(maxConnections - this.open.size, maxRequests - this.given);
  }

  /** The first bytes are its environment. -errno when it could not be sent; the descriptor stays the caller's. */
  give(
    { bytes, length }: { readonly bytes: Uint8Array; readonly length: number },
    { fd }: Descriptor,
  ): number {
    if (!this.#channel) return -1;
    this.#row[0] = length;
    this.#row[1] = fd;
    return this.#binding.sendBatch(this.#channel.fd, bytes, this.#row, 1);
  }

  /** It does not take what it was sent: it is sent nothing until it does. */
  awaitRoom(): void {
    this.#isFull = true;
    this.#watch();
  }

  /** Takes a packet, as recvmsg(2) has it. A descriptor is nothing that it should send: then there is one byte too many. */
  receive(bytes: Uint8Array): number {
    if (!this.#channel) return 0;
    this.#passed[0] = -1;
    const length = this.#binding.receive(this.#channel.fd, bytes, this.#passed);
    const passed = this.#passed[0] ?? -1;
    if (passed < 0) return length;
    this.#binding.close(passed);
    return bytes.length;
  }

  /** Tells it that no more will come. */
  dismiss(): void {
    this.state = 'leaving';
    if (this.#channel) this.#binding.shutdownWrite(this.#channel.fd);
  }

  force(connection: PooledConnection, why: ClientEnd): void {
    this.#handlers.onForced(connection, why);
  }

  kill(): void {
    this.#handlers.onKilled(this);
  }

  /** Nothing is said to it any more, or heard of it. */
  close(): void {
    const channel = this.#channel;
    this.#channel = undefined;
    if (!channel) return;
    this.#poller.forget(channel);
    channel.close();
  }

  #watch(): void {
    if (!this.#channel) return;
    const events = this.#isFull ? READABLE | WRITABLE : READABLE;
    this.#poller.watch(this.#channel, { events, watcher: (ready) => this.#onReady(ready) });
  }

  #onReady(ready: number): void {
    if (this.#isFull && (ready & WRITABLE) !== 0) {
      this.#isFull = false;
      this.#watch();
      this.#handlers.onRoom(this);
    }
    if ((ready & ~WRITABLE) !== 0 && this.#channel) this.#handlers.onReadable(this);
  }
}
