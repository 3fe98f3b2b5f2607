import type { Bus } from '../events/bus.ts';
import type { LaunchFailure } from '../events/launch-failure.ts';
import type { WorkerEnd } from '../events/worker-event.ts';
import type { SpawnerLink } from '../launch/spawner-link.ts';
import type { ClientEnd } from '../model/forced-end.ts';
import { NOBODY } from '../model/nobody.ts';
import type { ServicePolicy } from '../model/policy.ts';
import { MOST_LEAVING } from '../model/pool-policy.ts';
import type { Binding } from '../native/binding.ts';
import { Descriptor } from '../native/descriptor.ts';
import { errnoName } from '../native/errno.ts';
import type { Poller } from '../native/poller.ts';
import type { ChildTable } from '../supervise/child-table.ts';
import { fullPatience, losePatience, patienceLeft } from '../supervise/patience.ts';
import type { Lives } from './lives.ts';
import type { Pool } from './pool.ts';
import { PoolWorker, type WorkerHandlers } from './pool-worker.ts';
import type { World } from './world.ts';

/** Nobody was there for long enough to be given anything. */
const ENDED: LaunchFailure = { step: 'pass', code: 'ended' };
const FULL = fullPatience(0).left;
/** How long workers of a pool whose workers have ended at once may show that they are better. */
const TRIAL_MS = 1000;

export interface PoolStaffOptions {
  readonly binding: Binding;
  readonly poller: Poller;
  readonly link: Pick<SpawnerLink, 'send'>;
  readonly world: Pick<World, 'nowMs' | 'after'>;
  readonly bus: Bus;
  readonly children: ChildTable;
  readonly lives: Pick<Lives, 'endWorker'>;
  /** As the rules in force have it. */
  readonly policyOf: (service: number) => ServicePolicy;
  /** Never the id of a connection. */
  readonly nextId: () => number;
  readonly onLaunch: (service: number) => void;
  readonly handlers: WorkerHandlers;
  /** There is no worker, and will be none before the pool has rested. */
  readonly onLost: (pool: Pool, failure: LaunchFailure) => void;
}

/** Starts workers, and brings them to their ends: end of stream, then TERM, then KILL. */
export class PoolStaff {
  readonly #options: PoolStaffOptions;
  readonly #workers = new Map<number, PoolWorker>();
  #isClosed = false;

  constructor(options: PoolStaffOptions) {
    this.#options = options;
  }

  find(id: number): PoolWorker | undefined {
    return this.#workers.get(id);
  }

  get all(): readonly PoolWorker[] {
    return [...this.#workers.values()];
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Nobody is started any more. */
  close(): void {
    this.#isClosed = true;
  }

  /** Starts what is missing, unless they ended at once too often. */
  fill(pool: Pool): void {
    const { world, policyOf } = this.#options;
    if (!policyOf(pool.service).pool) return;
    const nowMs = world.nowMs();
    const missing = pool.missing(nowMs);
    const left = patienceLeft(pool.patience, nowMs);
    // As long as there is reason to doubt it they are tried a few at a time.
    const most = left === FULL ? missing : Math.max(1, Math.floor(left));
    for (let count = 0; count < missing; count++) {
      if (this.#isClosed || pool.isResting) return;
      if (count < most) this.#launch(pool);
      else this.#rest(pool, TRIAL_MS);
    }
  }

  /** It is given nothing any more, finishes what it has, and ends. */
  dismiss(pool: Pool, worker: PoolWorker, why: WorkerEnd | undefined): void {
    worker.why ??= why;
    if (worker.state === 'leaving') return;
    worker.dismiss();
    pool.workers.delete(worker);
    pool.leaving.add(worker);
    if (worker.open.size === 0) this.endIn(worker);
    this.#letGo(pool);
  }

  /** TERM, and KILL after the grace of its service: at once, or once it had that time to end by itself. */
  end(worker: PoolWorker): void {
    worker.callOff();
    worker.isEnding = true;
    this.#options.lives.endWorker(worker.id);
  }

  endIn(worker: PoolWorker, delayMs: number = this.#graceMs(worker.service)): void {
    worker.callOff();
    worker.callOff = this.#options.world.after(delayMs, () => this.end(worker));
  }

  /** Because of one of its connections: the others have until TERM. One that an operator ends has no time. */
  endFor(pool: Pool, worker: PoolWorker, why: ClientEnd): void {
    this.dismiss(pool, worker, 'connection');
    if (worker.isEnding) return;
    if (why === 'age') this.endIn(worker);
    else this.end(worker);
  }

  /** One that an earlier dispatcher has started. */
  adopt(pool: Pool, { id, pid }: { readonly id: number; readonly pid: number }): void {
    const worker = this.#make(pool, { id, channel: undefined });
    worker.pid = pid;
    this.dismiss(pool, worker, 'stopping');
    worker.callOff();
    const { maxAgeMs } = this.#options.policyOf(pool.service).life;
    // No connection that it has may get any older.
    if (maxAgeMs !== undefined) this.endIn(worker, maxAgeMs);
  }

  /** It has ended, or was never there. */
  forget(pool: Pool, worker: PoolWorker): void {
    worker.callOff();
    worker.close();
    this.#workers.delete(worker.id);
    pool.workers.delete(worker);
    pool.leaving.delete(worker);
  }

  /** One has ended without being of use to anybody: the next one may have to wait (S66). */
  lose(pool: Pool, failure?: LaunchFailure): void {
    const { world, bus, policyOf, onLost } = this.#options;
    const { patience, waitMs } = losePatience(pool.patience, world.nowMs());
    pool.patience = patience;
    if (waitMs > 0) this.#rest(pool, waitMs);
    const service = policyOf(pool.service).name;
    if (failure) bus.emit({ type: 'worker-failed', service, failure, retryMs: waitMs });
    if (pool.isResting && pool.workers.size === 0) onLost(pool, failure ?? ENDED);
  }

  #rest(pool: Pool, forMs: number): void {
    if (pool.isResting) return;
    pool.isResting = true;
    pool.callOff = this.#options.world.after(forMs, () => {
      pool.isResting = false;
      this.fill(pool);
    });
  }

  #graceMs(service: number): number {
    return this.#options.policyOf(service).life.graceMs;
  }

  #make(
    pool: Pool,
    { id, channel }: { readonly id: number; readonly channel: Descriptor | undefined },
  ): PoolWorker {
    const { binding, poller, world, policyOf, handlers } = this.#options;
    const { service } = pool;
    const worker = new PoolWorker({
      ...{ binding, poller, handlers, channel, id, service },
      ...{ imprint: policyOf(service).imprint, sinceMs: world.nowMs() },
    });
    this.#workers.set(id, worker);
    return worker;
  }

  #launch(pool: Pool): void {
    const { binding, link, children, nextId, onLaunch } = this.#options;
    const { service } = pool;
    const pair = new Int32Array(2);
    const made = binding.packetPair(pair);
    if (made < 0) {
      this.lose(pool, { step: 'pass', code: errnoName(-made) });
      return;
    }
    const [channel, theirs] = Array.from(pair, (fd) => new Descriptor(binding, fd)) as [
      Descriptor,
      Descriptor,
    ];
    const connection = { id: nextId(), service, peer: NOBODY, isClaimed: true };
    pool.workers.add(this.#make(pool, { id: connection.id, channel }));
    children.launch({ connection, ticket: { spend: () => {} }, isWorker: true });
    link.send({ type: 'launch', ...connection, variant: 0 }, theirs);
    onLaunch(service);
  }

  /** More than there may be have connections still: who has been leaving for the longest has had its time. */
  #letGo(pool: Pool): void {
    let many = pool.leaving.size - MOST_LEAVING * pool.policy.workers;
    for (const worker of pool.leaving) {
      if (many-- <= 0) return;
      if (worker.isEnding) continue;
      worker.why = 'surplus';
      this.end(worker);
    }
  }
}
