/** Handlers that live on and are given one connection after the other: `pool`. */
export interface PoolPolicy {
  /** So many serve at once. */
  readonly workers: number;
  /** Of one worker, at the same time. */
  readonly maxConnections: number;
  /** What one worker is given in its life; undefined: as many as come. */
  readonly maxRequests: number | undefined;
  /** Undefined: it may get as old as it likes. */
  readonly maxAgeMs: number | undefined;
}

/** What the descriptor of a worker is called: LISTEN_FDNAMES of sd_listen_fds(3). */
export const POOL_LISTEN_NAME = 'pool';

/** Workers that are through and have connections still, for each that serves: above, the oldest of them is ended. */
export const MOST_LEAVING = 2;

/** Processes at the most: those that serve, their successors, those that leave, and those that are being ended. */
export function childrenOfPool({ workers }: PoolPolicy): number {
  return workers * (2 + 2 * MOST_LEAVING);
}
