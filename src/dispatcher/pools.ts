import type { Exit } from '../events/exit.ts';
import type { LaunchFailure } from '../events/launch-failure.ts';
import type { ClientEnd, ForcedEnd } from '../model/forced-end.ts';
import type { ServicePolicy } from '../model/policy.ts';
import { fullPatience } from '../supervise/patience.ts';
import type { AcceptGate } from './accept-gate.ts';
import { Ages } from './ages.ts';
import { ownExit } from './own-exit.ts';
import { Pool } from './pool.ts';
import { PoolStaff, type PoolStaffOptions } from './pool-staff.ts';
import { PoolTraffic, type PoolTrafficOptions } from './pool-traffic.ts';
import type { PoolVisitor } from './pool-visitor.ts';
import type { PoolWorker } from './pool-worker.ts';
import type { PooledConnection } from './pooled-connection.ts';
import { type Rules, rulesOf } from './rules.ts';

/** Reports taken from one worker before others get their turn. */
const REPORTS_PER_TURN = 64;
/** Whoever waited for a worker of a service that a reload has made another one: let it come again. */
const RELOADED: LaunchFailure = { step: 'pass', code: 'reloaded' };
const STOPPING: LaunchFailure = { step: 'stopping', code: undefined };

export type PoolsOptions = Omit<PoolStaffOptions, 'policyOf' | 'handlers' | 'onLost' | 'lives'> &
  Omit<PoolTrafficOptions, 'onHangup' | 'onFault' | 'lives' | 'nameOf'> & {
    readonly gate: Pick<AcceptGate, 'pause' | 'resume'>;
    readonly lives: PoolStaffOptions['lives'] & PoolTrafficOptions['lives'];
    /** The rules in force, since a reload replaces them. */
    readonly rules: () => Rules;
  };

/**
 * Handlers that live on and are given connections, each with what it is told of its client, over a socket of packets
 * (docs/reference/handler-pool.md). Who is admitted, counted, told of and ended is the connection, as anywhere else.
 */
export class Pools {
  readonly #options: PoolsOptions;
  readonly #pools = new Map<number, Pool>();
  readonly #staff: PoolStaff;
  readonly #traffic: PoolTraffic;
  readonly #ages: Ages;

  constructor(options: PoolsOptions) {
    this.#options = options;
    const policyOf = (service: number): ServicePolicy => rulesOf(options.rules(), service).service.policy;
    this.#staff = new PoolStaff({
      ...{ ...options, policyOf },
      handlers: {
        onReadable: (worker) => this.#hear(worker),
        onRoom: ({ service }) => this.#settle(this.#of(service)),
        onForced: (connection, why) => this.#force(connection, why),
        onKilled: (worker) => options.lives.endWorker(worker.id, { isAtOnce: true }),
      },
      onLost: (pool, failure) => this.#failAll(pool, failure),
    });
    this.#traffic = new PoolTraffic({
      ...options,
      nameOf: (service) => policyOf(service).name,
      onHangup: (worker) => this.#hungUp(worker),
      onFault: (worker) => this.#atFault(worker),
    });
    this.#ages = new Ages({ world: options.world, endOld: (nowMs) => this.#renewOld(nowMs) });
  }

  /** How many were admitted to a service and wait for a worker. */
  waitingOf(service: number): number {
    return this.#pools.get(service)?.waiting.length ?? 0;
  }

  /** Takes the descriptor, and spends the ticket in the end. */
  begin(visitor: PoolVisitor): void {
    const pool = this.#of(visitor.connection.service);
    if (this.#staff.isClosed) this.#traffic.fail(visitor, STOPPING);
    else if (!pool) this.#traffic.fail(visitor, RELOADED);
    else if (pool.waiting.length > 0 || !this.#traffic.give(pool, visitor)) pool.waiting.push(visitor);
    this.#settle(pool);
  }

  /** The rules are others, or these are the first. Whoever was started by others gets no connection any more. */
  look(): void {
    for (const service of this.#options.rules().services.keys()) this.#lookAt(service);
    this.#ages.look();
  }

  /** A worker runs. */
  up(id: number, pid: number): void {
    const worker = this.#staff.find(id);
    if (!worker) return;
    worker.pid = pid;
    if (worker.state === 'starting') worker.state = 'serving';
    const service = this.#nameOf(worker.service);
    this.#options.bus.emit({ type: 'worker-started', service, pid });
    const pool = this.#of(worker.service);
    if (pool) this.#ages.expect(pool.nextAgeMs(this.#options.world.nowMs()));
    this.#settle(pool);
  }

  /** One that an earlier dispatcher has started: it sees that nobody is there any more, and finishes what it has. */
  adopt({
    service,
    ...worker
  }: {
    readonly service: number;
    readonly id: number;
    readonly pid: number;
  }): void {
    const pool = this.#of(service) ?? this.#open(service);
    if (pool) this.#staff.adopt(pool, worker);
  }

  /** A worker could not be started: who waits is told so, unless there is another one. */
  failed(id: number, failure: LaunchFailure): void {
    const worker = this.#staff.find(id);
    const pool = worker && this.#of(worker.service);
    if (!pool) return;
    this.#staff.forget(pool, worker);
    this.#staff.lose(pool, failure);
    this.#renew(pool);
  }

  /** A worker has ended; `end`: since zinetd has ended it. What it had is over, as it is itself. */
  over(id: number, { exit, end }: { readonly exit: Exit; readonly end: ForcedEnd | undefined }): void {
    const worker = this.#staff.find(id);
    const pool = worker && this.#of(worker.service);
    if (!pool) return;
    while (this.#traffic.take(worker));
    this.#staff.forget(pool, worker);
    const { pid, why, given, open, isAdopted } = worker;
    const lost = open.size;
    this.#traffic.lost(worker, { exit, end });
    const service = this.#nameOf(worker.service);
    const had = isAdopted ? {} : { given, lost };
    this.#options.bus.emit({ type: 'worker-exited', service, pid, exit, ...had, end: why });
    if (why === undefined && end === undefined && given === 0) this.#staff.lose(pool);
    this.#renew(pool);
  }

  /** For a stop: workers finish what they have, and say so. */
  close(): void {
    this.#staff.close();
    for (const pool of this.#pools.values()) {
      pool.callOff();
      this.#failAll(pool, STOPPING);
      for (const worker of [...pool.workers]) this.#staff.dismiss(pool, worker, 'stopping');
    }
  }

  /** This process ends: what becomes of the connections that workers still have nobody will know. */
  finish(): void {
    for (const worker of this.#staff.all) {
      this.#traffic.lost(worker, { exit: ownExit(0), end: 'stopping' });
      worker.close();
    }
  }

  #nameOf(service: number): string {
    return rulesOf(this.#options.rules(), service).service.policy.name;
  }

  #of(service: number): Pool | undefined {
    return this.#pools.get(service);
  }

  /** Undefined: the service has no pool. */
  #open(service: number): Pool | undefined {
    const { pool: policy } = rulesOf(this.#options.rules(), service).service.policy;
    if (!policy) return undefined;
    const pool = new Pool(service, { policy, patience: fullPatience(this.#options.world.nowMs()) });
    this.#pools.set(service, pool);
    return pool;
  }

  #lookAt(service: number): void {
    const { pool: policy, imprint } = rulesOf(this.#options.rules(), service).service.policy;
    const pool = this.#of(service) ?? this.#open(service);
    if (!pool) return;
    pool.policy = policy ?? pool.policy;
    for (const worker of [...pool.workers])
      if (!policy || worker.imprint !== imprint) this.#staff.dismiss(pool, worker, 'reload');
    if (!policy) this.#failAll(pool, RELOADED);
    this.#renew(pool);
  }

  #failAll(pool: Pool, failure: LaunchFailure): void {
    for (const visitor of pool.waiting.splice(0)) this.#traffic.fail(visitor, failure);
  }

  #hear(worker: PoolWorker): void {
    const pool = this.#of(worker.service);
    for (let count = 0; count < REPORTS_PER_TURN && this.#traffic.take(worker); count++) {
      if (pool && !worker.isProven) pool.patience = fullPatience(this.#options.world.nowMs());
      worker.isProven = true;
      // There is nothing that it could say: whatever there is nevertheless is seen in the next turn.
      if (worker.open.size === 0) break;
    }
    if (worker.state === 'leaving' && worker.open.size === 0 && !worker.isEnding) this.#staff.endIn(worker);
    this.#settle(pool);
  }

  /** It cannot say any more what becomes of its connections: most likely it has ended, which we are told in a moment. */
  #hungUp(worker: PoolWorker): void {
    worker.close();
    const pool = this.#of(worker.service);
    if (!pool) return;
    this.#staff.dismiss(pool, worker, undefined);
    if (!worker.isEnding) this.#staff.endIn(worker);
    // Whether one that has done nothing is to be replaced at once is seen from its end.
    if (worker.given > 0) this.#staff.fill(pool);
  }

  /** Whoever has taken it over is not listened to: it costs this worker and what it has. */
  #atFault(worker: PoolWorker): void {
    worker.close();
    const pool = this.#of(worker.service);
    if (!pool) return;
    this.#staff.dismiss(pool, worker, 'protocol');
    this.#staff.end(worker);
    this.#staff.fill(pool);
  }

  #force(connection: PooledConnection, why: ClientEnd): void {
    if (connection.ended) return;
    connection.ended = why;
    const worker = this.#staff.find(connection.worker.id);
    const pool = worker && this.#of(worker.service);
    if (!pool) return;
    this.#staff.endFor(pool, worker, why);
    this.#renew(pool);
  }

  #renewOld(nowMs: number): number {
    let nextMs = Number.POSITIVE_INFINITY;
    for (const pool of this.#pools.values()) {
      this.#renew(pool);
      nextMs = Math.min(nextMs, pool.nextAgeMs(nowMs));
    }
    return nextMs;
  }

  /** Something about its workers has changed. */
  #renew(pool: Pool): void {
    this.#staff.fill(pool);
    this.#settle(pool);
  }

  /** Those who wait get what is free, those who are not needed leave, and nobody comes in for whom there is no place. */
  #settle(pool: Pool | undefined): void {
    if (!pool) return;
    while (pool.waiting.length > 0 && pool.pick()) {
      const [visitor] = pool.waiting.splice(0, 1);
      if (visitor && !this.#traffic.give(pool, visitor)) pool.waiting.unshift(visitor);
    }
    if (pool.policy.maxRequests !== undefined) this.#staff.fill(pool);
    const nowMs = this.#options.world.nowMs();
    for (let more = pool.surplus(nowMs); more; more = pool.surplus(nowMs))
      this.#staff.dismiss(pool, more, pool.isDue(more, nowMs) ? 'renewed' : 'surplus');
    this.#pace(pool);
  }

  #pace(pool: Pool): void {
    const { gate, rules } = this.#options;
    const isPaused = pool.isFull && rulesOf(rules(), pool.service).service.policy.pool !== undefined;
    if (isPaused === pool.isPaused) return;
    pool.isPaused = isPaused;
    if (isPaused) gate.pause(pool.service, 'workers');
    else gate.resume(pool.service, 'workers');
  }
}
