import type { SpawnerLink } from '../launch/spawner-link.ts';
import { NOBODY } from '../model/nobody.ts';
import type { Binding } from '../native/binding.ts';
import { ByteReader } from '../native/byte-reader.ts';
import type { Poller } from '../native/poller.ts';
import type { ChildTable } from '../supervise/child-table.ts';
import { daemonOutput } from './daemon-output.ts';
import type { Lives } from './lives.ts';
import type { World } from './world.ts';

/** One that ends at once is not started as fast as it ends (S66). */
const LEAST_REST_MS = 1000;
/** What a daemon says is read in pieces of this, and thrown away. */
const READ_BYTES = 4096;

export interface DaemonsOptions {
  readonly binding: Binding;
  readonly poller: Poller;
  readonly link: Pick<SpawnerLink, 'send'>;
  readonly world: Pick<World, 'nowMs' | 'after'>;
  readonly children: ChildTable;
  readonly lives: Pick<Lives, 'end' | 'isEnding'>;
  /** Never the id of a connection. */
  readonly nextId: () => number;
  /** How long a daemon may be without a connection; undefined: this service has no daemon of ours any more. */
  readonly idleStopMs: (service: number) => number | undefined;
  readonly onLaunch: (service: number) => void;
}

/** One that was told to end, by whomever, is `up` until it has ended, and of use to nobody any more. */
type State = 'down' | 'starting' | 'up';

/** The daemon of one service. */
interface Daemon {
  state: State;
  /** Of the launch; undefined as long as there was none. */
  id: number | undefined;
  /** Connections that need it, or wait for it. */
  uses: number;
  readonly waiting: Set<() => void>;
  startedAtMs: number;
  callOff: (() => void) | undefined;
}

/** What one connection has of a daemon. */
export interface DaemonUse {
  /** Calls back once it runs, which is not to say that it listens already. */
  whenUp(callback: () => void): void;
  /** The connection is over. To be called once. */
  end(): void;
}

/**
 * Daemons that services are relayed to and that are there for as long as somebody needs them: started for the first
 * connection, ended when there has been none for a time. All connections are relayed, so that none is overlooked
 * (docs/decisions/0017).
 */
export class Daemons {
  readonly #options: DaemonsOptions;
  readonly #daemons = new Map<number, Daemon>();
  readonly #reader: ByteReader;
  #isClosed = false;

  constructor(options: DaemonsOptions) {
    this.#options = options;
    this.#reader = new ByteReader(options.binding, READ_BYTES);
  }

  /** A connection needs the daemon of its service. */
  use(service: number): DaemonUse {
    const daemon = this.#of(service);
    daemon.uses++;
    if (this.#isOfUse(daemon)) this.#callOff(daemon);
    else this.#look(service);
    let waiting = (): void => {};
    return {
      whenUp: (callback) => {
        if (this.#isOfUse(daemon)) {
          callback();
          return;
        }
        waiting = callback;
        daemon.waiting.add(waiting);
      },
      end: () => {
        daemon.waiting.delete(waiting);
        daemon.uses--;
        if (daemon.uses === 0) this.#rest(service);
      },
    };
  }

  /** A handler is there, started by whomever: it may be a daemon. */
  up(service: number, id: number): void {
    const isAwaited = this.#daemons.get(service)?.id === id;
    if (!isAwaited && this.#options.idleStopMs(service) === undefined) return;
    const daemon = this.#of(service);
    daemon.id = id;
    daemon.state = 'up';
    if (!this.#isOfUse(daemon)) return;
    const waiting = [...daemon.waiting];
    daemon.waiting.clear();
    for (const callback of waiting) callback();
    if (daemon.uses === 0) this.#rest(service);
  }

  /** A handler is over, or was never there. */
  over(service: number, id: number): void {
    const daemon = this.#daemons.get(service);
    if (!daemon || daemon.id !== id) return;
    this.#callOff(daemon);
    daemon.state = 'down';
    if (daemon.uses > 0) this.#look(service);
  }

  /** Nobody needs them any more; whoever runs is ended by others, or goes on. */
  close(): void {
    this.#isClosed = true;
    for (const daemon of this.#daemons.values()) this.#callOff(daemon);
  }

  #of(service: number): Daemon {
    const known = this.#daemons.get(service);
    if (known) return known;
    const state: State = 'down';
    const times = { startedAtMs: Number.NEGATIVE_INFINITY, callOff: undefined };
    const daemon: Daemon = { state, id: undefined, uses: 0, waiting: new Set(), ...times };
    this.#daemons.set(service, daemon);
    return daemon;
  }

  #isOfUse({ state, id }: Daemon): boolean {
    return state === 'up' && id !== undefined && !this.#options.lives.isEnding(id);
  }

  #callOff(daemon: Daemon): void {
    daemon.callOff?.();
    daemon.callOff = undefined;
  }

  /** Somebody needs it: starts it, now or as soon as it may be. */
  #look(service: number): void {
    const daemon = this.#of(service);
    if (this.#isClosed || daemon.state !== 'down' || daemon.callOff) return;
    const { world } = this.#options;
    const restMs = daemon.startedAtMs + LEAST_REST_MS - world.nowMs();
    if (restMs <= 0) this.#start(service, daemon);
    else {
      daemon.callOff = world.after(restMs, () => {
        daemon.callOff = undefined;
        if (daemon.uses > 0) this.#look(service);
      });
    }
  }

  #start(service: number, daemon: Daemon): void {
    const { binding, poller, link, world, children, nextId, onLaunch } = this.#options;
    daemon.startedAtMs = world.nowMs();
    const theirs = daemonOutput({ binding, poller, reader: this.#reader });
    if (!theirs) {
      this.#look(service);
      return;
    }
    const connection = { id: nextId(), service, peer: NOBODY, isClaimed: true };
    daemon.id = connection.id;
    daemon.state = 'starting';
    children.launch({ connection, ticket: { spend: () => {} } });
    link.send({ type: 'launch', ...connection, variant: 0 }, theirs);
    onLaunch(service);
  }

  /** There is nobody: it is ended, unless somebody comes in time. */
  #rest(service: number): void {
    const daemon = this.#of(service);
    this.#callOff(daemon);
    if (this.#isClosed || !this.#isOfUse(daemon)) return;
    const { world, lives, idleStopMs } = this.#options;
    daemon.callOff = world.after(idleStopMs(service) ?? 0, () => {
      daemon.callOff = undefined;
      if (daemon.id !== undefined) lives.end(daemon.id, { why: 'idle' });
    });
  }
}
