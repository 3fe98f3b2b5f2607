import type { Goal } from '../lib/goals.d.mts';

export type Row = Pick<Goal, 'scene' | 'inFlight' | 'figure'> & { readonly peer: string };

/** What became of a row in one measurement. */
export interface Outcome {
  /** Our figure by the peer's; undefined: one of them did not serve. */
  readonly ratio: number | undefined;
  readonly rounds: number;
  /** Why there is no ratio, or why it counts for nothing; undefined: every connection of ours was served. */
  readonly fault: string | undefined;
  /** The fault is ours, not the peer's. */
  readonly isOurs: boolean;
  /** It is that answers did not come in time, and nothing else. */
  readonly isLate: boolean;
  /** Most of the measurements had other work beside them. */
  readonly isBusy: boolean;
}

/** `broken` and `lost` fail; the others do not. */
export type Verdict = 'kept' | 'lost' | 'broken' | 'busy' | 'unmatched' | 'not stored';

export interface Judged {
  readonly verdict: Verdict;
  /** Of what was stored, as a share; below 0 it is a gain. */
  readonly loss: number | undefined;
}

/** A row with everything that is known of it. */
export interface Line {
  readonly row: Row;
  readonly stored: number | undefined;
  readonly outcome: Outcome;
  readonly judged: Judged;
}
