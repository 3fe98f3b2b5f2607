import { constants } from 'node:os';
import type { PenaltyOutcome } from '../admission/penalty.ts';
import type { Bus } from '../events/bus.ts';
import type { Exit } from '../events/exit.ts';
import type { LaunchFailure } from '../events/launch-failure.ts';
import { EnvironmentText } from '../launch/environment-text.ts';
import type { Connection } from '../model/connection.ts';
import type { ForcedEnd } from '../model/forced-end.ts';
import { isAnswerable } from '../model/is-answerable.ts';
import { errnoName } from '../native/errno.ts';
import type { Failures } from './failures.ts';
import type { Lives } from './lives.ts';
import { outcomeOf } from './outcome-of.ts';
import { ownExit } from './own-exit.ts';
import type { Pool } from './pool.ts';
import type { PoolVisitor } from './pool-visitor.ts';
import type { PoolWorker } from './pool-worker.ts';
import { PooledConnection } from './pooled-connection.ts';
import type { Timings } from './timings.ts';
import { NO_REPORT, OLDEST, REPORT_BYTES, reportedId } from './worker-report.ts';
import type { World } from './world.ts';

const { EAGAIN, EPIPE, ECONNRESET, EINTR } = constants.errno;

/** What sending says when the worker is gone, or has closed its end. */
const GONE: ReadonlySet<number> = new Set([-EPIPE, -ECONNRESET]);
/** There is nothing to take. */
const NOTHING: ReadonlySet<number> = new Set([-EAGAIN, -EINTR]);

export interface PoolTrafficOptions {
  readonly world: Pick<World, 'nowMs'>;
  readonly bus: Bus;
  readonly failures: Pick<Failures, 'tell'>;
  readonly lives: Pick<Lives, 'enter' | 'leave'>;
  readonly timings: Pick<Timings, 'took'>;
  readonly nameOf: (service: number) => string;
  /** A client of this service is gone, whatever it had reserved is free. */
  readonly onEnd: (service: number) => void;
  /** What it made of its handler may have a price. */
  readonly penalise: (connection: Connection, outcome: PenaltyOutcome) => void;
  /** The worker has closed its end. */
  readonly onHangup: (worker: PoolWorker) => void;
  /** It does not keep to the protocol. */
  readonly onFault: (worker: PoolWorker) => void;
}

/** How a connection of a worker ended. */
export interface PooledEnd {
  readonly exit: Exit;
  /** Since zinetd wanted it, or the end of its worker. */
  readonly end: ForcedEnd | undefined;
  /** It may be that of another one. */
  readonly isShared: boolean;
}

/** What goes over the sockets of workers: connections to them, and what became of those back. */
export class PoolTraffic {
  readonly #options: PoolTrafficOptions;
  readonly #environment = new EnvironmentText();
  /** One more, so that what is too long is seen. */
  readonly #report = new Uint8Array(REPORT_BYTES + 1);

  constructor(options: PoolTrafficOptions) {
    this.#options = options;
  }

  /** To whoever has the least to do. False when nobody can take it now; else the visitor is ours no more. */
  give(pool: Pool, visitor: PoolVisitor): boolean {
    let worker = pool.pick();
    if (!worker) return false;
    const { descriptor } = visitor;
    const length = visitor.told ? this.#environment.write(visitor.told) : 0;
    const { bytes } = this.#environment;
    for (; worker; worker = pool.pick()) {
      const sent = worker.give({ bytes, length }, descriptor);
      if (sent >= 0) {
        this.#given(worker, visitor);
        return true;
      }
      if (sent === -EAGAIN) worker.awaitRoom();
      else if (GONE.has(sent)) this.#options.onHangup(worker);
      else {
        this.fail(visitor, { step: 'pass', code: errnoName(-sent) });
        return true;
      }
    }
    return false;
  }

  /** Takes a packet of a worker, if there is one. */
  take(worker: PoolWorker): boolean {
    const length = worker.receive(this.#report);
    if (NOTHING.has(length)) return false;
    if (length <= 0) {
      this.#options.onHangup(worker);
      return false;
    }
    const connection = this.#reported(worker, length);
    if (!connection) {
      this.#options.onFault(worker);
      return false;
    }
    const exit = ownExit(this.#lasted(connection), { status: this.#report[0] });
    this.ended(connection, { exit, end: connection.ended, isShared: false });
    return true;
  }

  /** It is over; its place is free. */
  ended(pooled: PooledConnection, { exit, end, isShared }: PooledEnd): void {
    const { bus, lives, nameOf, onEnd, penalise } = this.#options;
    const { id, service, peer, via, connection, worker } = pooled;
    worker.open.remove(pooled);
    lives.leave(id);
    pooled.ticket.spend();
    bus.emit({ type: 'exited', service: nameOf(service), peer, via, pid: worker.pid, exit, end });
    const outcome = isShared ? undefined : outcomeOf(exit, end);
    // What anybody can make up must not have a price for somebody else (S62).
    if (outcome !== undefined && isAnswerable(connection)) penalise(connection, outcome);
    onEnd(service);
  }

  /** With the worker, of whose end nobody knows which connection it was that brought it about, if there are several. */
  lost(worker: PoolWorker, { exit, end }: Pick<PooledEnd, 'exit' | 'end'>): void {
    const isShared = worker.open.size > 1;
    const { status, signal } = exit;
    for (const connection of worker.open.all) {
      // Whose time was over knows what it has to pay for.
      const isItsOwn = !isShared || connection.ended !== undefined;
      this.ended(connection, {
        exit: ownExit(this.#lasted(connection), { status, signal }),
        ...{ end: connection.ended ?? end, isShared: !isItsOwn },
      });
    }
  }

  /** Nobody serves it. */
  fail({ connection, descriptor, ticket }: PoolVisitor, failure: LaunchFailure): void {
    const { failures, onEnd } = this.#options;
    descriptor.close();
    ticket.spend();
    failures.tell(connection, failure);
    onEnd(connection.service);
  }

  #given(
    worker: PoolWorker,
    { connection, descriptor, ticket, severity, sinceMs: admittedMs }: PoolVisitor,
  ): void {
    const { world, bus, lives, timings, nameOf } = this.#options;
    const { service: number, peer, via } = connection;
    const service = nameOf(number);
    descriptor.close();
    const pooled = new PooledConnection(worker, { connection, ticket, sinceMs: world.nowMs() });
    worker.open.add(pooled);
    worker.given++;
    timings.took('launch', { service, sinceMs: admittedMs });
    bus.emit({ type: 'started', service, peer, via, pid: worker.pid, severity });
    lives.enter(pooled);
  }

  /** Undefined: nobody has such a connection, or it is no report. */
  #reported(worker: PoolWorker, length: number): PooledConnection | undefined {
    const id = reportedId(this.#report, length);
    if (id === NO_REPORT) return undefined;
    return id === OLDEST ? worker.open.oldest : worker.open.find(id);
  }

  #lasted({ sinceMs }: PooledConnection): number {
    return this.#options.world.nowMs() - sinceMs;
  }
}
