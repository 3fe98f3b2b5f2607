/** What zinetd has to reach in a scene: of a peer's figure, or in itself. */
export interface Goal {
  readonly scene: string;
  readonly inFlight: number;
  readonly figure: string;
  readonly bound: 'at least' | 'at most';
  readonly value: number;
  /** Whose figure `value` is a ratio to; `best`: the highest of all peers. Undefined: `value` is the figure itself. */
  readonly peer: string | undefined;
}

export declare const GOALS: readonly Goal[];

/** Why a goal is missed, by `keyOf`; written by hand, shown while it is missed. */
export declare const REASONS: Readonly<Record<string, string>>;

/** `raw/16/perSecond/xinetd` */
export declare function keyOf(row: Pick<Goal, 'scene' | 'inFlight' | 'figure' | 'peer'>): string;
