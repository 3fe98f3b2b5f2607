import type { PoolPolicy } from '../model/pool-policy.ts';
import type { Patience } from '../supervise/patience.ts';
import type { PoolVisitor } from './pool-visitor.ts';
import type { PoolWorker } from './pool-worker.ts';

/** A worker is replaced when less than one in so many of its connections are left. */
const LAST_PART = 10;

/** The workers of one service, and who waits for one. */
export class Pool {
  readonly service: number;
  /** Those that serve, or will. */
  readonly workers: Set<PoolWorker> = new Set();
  /** Those that have connections still, or are on their way out; the first has been for the longest. */
  readonly leaving: Set<PoolWorker> = new Set();
  /** Admitted, and not given to anybody yet. */
  readonly waiting: PoolVisitor[] = [];
  /** As the rules have it; as they had it last, once they have none. */
  policy: PoolPolicy;
  patience: Patience;
  /** No worker is started before that is over. */
  isResting = false;
  isPaused = false;
  callOff: () => void = () => {};

  constructor(service: number, options: { readonly policy: PoolPolicy; readonly patience: Patience }) {
    this.service = service;
    this.policy = options.policy;
    this.patience = options.patience;
  }

  /** The one with the fewest connections of those that can take one; undefined: they cannot. */
  pick(): PoolWorker | undefined {
    let best: PoolWorker | undefined;
    for (const worker of this.workers) {
      if (worker.room(this.policy) <= 0) continue;
      if (!best || worker.open.size < best.open.size) best = worker;
    }
    return best;
  }

  /** Whether as many are there as can be served at once. */
  get isFull(): boolean {
    let load = this.waiting.length;
    for (const worker of this.workers) load += worker.open.size;
    return load >= this.policy.workers * this.policy.maxConnections;
  }

  get serving(): number {
    let count = 0;
    for (const { state } of this.workers) if (state === 'serving') count++;
    return count;
  }

  /** How many workers are to be started. One whose time is over counts for as long as too many are leaving. */
  missing(nowMs: number): number {
    const mayRenew = this.leaving.size < this.policy.workers;
    let lasting = 0;
    for (const worker of this.workers) if (!mayRenew || !this.isDue(worker, nowMs)) lasting++;
    return this.policy.workers - lasting;
  }

  /** Whether another one is to take its place. */
  isDue({ given, sinceMs }: PoolWorker, nowMs: number): boolean {
    const { maxRequests, maxAgeMs = Number.POSITIVE_INFINITY } = this.policy;
    const isSpent = maxRequests !== undefined && given >= maxRequests - Math.floor(maxRequests / LAST_PART);
    return isSpent || nowMs - sinceMs >= maxAgeMs;
  }

  /** Of more than there should be, who is to leave: whose time is over, else who has least to do. */
  surplus(nowMs: number): PoolWorker | undefined {
    if (this.serving <= this.policy.workers) return undefined;
    const serving = [...this.workers].filter(({ state }) => state === 'serving');
    const due = serving.find((worker) => this.isDue(worker, nowMs));
    return due ?? serving.reduce((least, worker) => (worker.open.size < least.open.size ? worker : least));
  }

  /** When the next worker will be too old. */
  nextAgeMs(nowMs: number): number {
    const { maxAgeMs } = this.policy;
    let nextMs = Number.POSITIVE_INFINITY;
    if (maxAgeMs === undefined) return nextMs;
    for (const { sinceMs } of this.workers)
      if (sinceMs + maxAgeMs > nowMs) nextMs = Math.min(nextMs, sinceMs + maxAgeMs);
    return nextMs;
  }
}
