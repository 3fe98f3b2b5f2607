import { Descriptor } from '../native/descriptor.ts';
import { checked, errnoName } from '../native/errno.ts';
import { READABLE } from '../native/poller.ts';
import { environmentOf } from './environment.ts';
import type { OpenConnections } from './open-connections.ts';
import { OK } from './run-handler.ts';
import type { World } from './world.ts';

/** Connections taken before others get their turn. */
const PER_TURN = 16;
/** Without descriptors or memory, the same connection would be reported again at once. */
const PAUSE_MS = 100;

/** Where the addon writes the peer, whom Node asks the socket for: endpoint-codec.ts would bring a parser of addresses along. */
const ENDPOINT_BYTES = 24;

/** There is no connection, or none any more. */
const NONE: ReadonlySet<string> = new Set(['EAGAIN', 'EINTR', 'ECONNABORTED', 'EPROTO']);
const SHORT: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM']);

export interface ServeListenersOptions {
  readonly world: World;
  readonly connections: OpenConnections;
  /** How long nobody must have come. */
  readonly idleMs: number;
}

/** Accepts from listening sockets that this process was started with, until it is idle or told to end. */
class Listeners {
  readonly #listeners: readonly Descriptor[];
  readonly #options: ServeListenersOptions;
  readonly #environment: ReadonlyMap<string, string>;
  readonly #peer = new Uint8Array(ENDPOINT_BYTES);
  readonly #done: (status: number) => void;
  #isWatching = false;
  #isPaused = false;
  #isEnding = false;
  #stopWaiting = (): void => {};

  constructor(fds: readonly number[], options: ServeListenersOptions, done: (status: number) => void) {
    const { world } = options;
    this.#options = options;
    this.#done = done;
    this.#environment = environmentOf(world.environment);
    this.#listeners = fds.map((fd) => new Descriptor(world.binding, fd));
    world.onEnd(() => this.#end());
    this.#look();
  }

  /** After each change: watches them or does not, and waits for the end of idleness or does not. */
  #look(): void {
    const { world, connections, idleMs } = this.#options;
    this.#stopWaiting();
    if (this.#isEnding && connections.count === 0) this.#done(OK);
    this.#watch(!this.#isEnding && !this.#isPaused && !connections.isFull);
    const isIdle = connections.count === 0 && Number.isFinite(idleMs);
    if (isIdle && !this.#isEnding) this.#stopWaiting = world.after(idleMs, () => this.#end());
  }

  #watch(isWatching: boolean): void {
    if (isWatching === this.#isWatching) return;
    this.#isWatching = isWatching;
    const { poller } = this.#options.world;
    for (const listener of this.#listeners) {
      if (!isWatching) poller.forget(listener);
      else poller.watch(listener, { events: READABLE, watcher: () => this.#acceptSome(listener) });
    }
  }

  #end(): void {
    this.#isEnding = true;
    this.#options.connections.abort();
    this.#look();
  }

  #acceptSome(listener: Descriptor): void {
    for (let count = 0; count < PER_TURN && !this.#options.connections.isFull; count++) {
      if (!this.#acceptOne(listener)) break;
    }
    this.#look();
  }

  /** False when there is nothing more for now. */
  #acceptOne(listener: Descriptor): boolean {
    const { binding } = this.#options.world;
    const fd = binding.acceptWaiting(listener.fd, this.#peer);
    if (fd >= 0) this.#serve(fd);
    else this.#onFailure(fd);
    return fd >= 0;
  }

  #serve(fd: number): void {
    const environment = this.#environment;
    void this.#options.connections.serve({ fd, environment, isTold: false }).then(() => this.#look());
  }

  #onFailure(result: number): void {
    const name = errnoName(-result);
    if (NONE.has(name)) return;
    if (!SHORT.has(name)) checked(result, { call: 'accept', subject: 'a connection' });
    this.#isPaused = true;
    this.#options.world.after(PAUSE_MS, () => {
      this.#isPaused = false;
      this.#look();
    });
  }
}

/** The exit status, once there is nobody left to serve. */
export function serveListeners(fds: readonly number[], options: ServeListenersOptions): Promise<number> {
  return new Promise((done) => void new Listeners(fds, options, done));
}
