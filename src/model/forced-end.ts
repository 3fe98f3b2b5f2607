/**
 * Why zinetd ended a connection that could have gone on: it was too old, a reload, a stop, or an operator. The index is
 * what the state file keeps, so that rows are only added.
 */
export const FORCED_ENDS = ['age', 'reload', 'stopping', 'killed'] as const;

export type ForcedEnd = (typeof FORCED_ENDS)[number];
