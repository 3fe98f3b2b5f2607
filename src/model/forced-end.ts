/**
 * Why zinetd ended what could have gone on: it was too old, a reload, a stop, an operator, of a daemon, that nobody
 * needed it, or, of a worker of a pool, that it had to go. The index is what the state file keeps, so that rows are only
 * added.
 */
export const FORCED_ENDS = ['age', 'reload', 'stopping', 'killed', 'idle', 'worker'] as const;

export type ForcedEnd = (typeof FORCED_ENDS)[number];

/** What zinetd has against one connection. */
export type ClientEnd = Exclude<ForcedEnd, 'worker'>;
