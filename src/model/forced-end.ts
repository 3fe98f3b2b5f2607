/**
 * Why zinetd ended what could have gone on: it was too old, a reload, a stop, an operator, or, of a daemon, that nobody
 * needed it. The index is what the state file keeps, so that rows are only added.
 */
export const FORCED_ENDS = ['age', 'reload', 'stopping', 'killed', 'idle'] as const;

export type ForcedEnd = (typeof FORCED_ENDS)[number];
