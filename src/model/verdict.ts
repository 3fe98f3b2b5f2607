/** What one check saw and said. */
export interface CheckOutcome {
  readonly check: string;
  readonly passed: boolean;
  /** The figures it decided by, for `explain` and for logs, such as `3 of 50 running`. */
  readonly detail: string;
}

/**
 * The answer to one connection, with every check that was asked, in order. `reason` is xinetd's word for
 * the refusal, such as `service_limit`.
 */
export type Verdict =
  | { readonly admitted: true; readonly trace: readonly CheckOutcome[] }
  | { readonly admitted: false; readonly reason: string; readonly trace: readonly CheckOutcome[] };
