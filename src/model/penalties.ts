/** What each outcome costs, 0 for nothing, and when the sum is enforced; as OpenSSH's PerSourcePenalties. */
export interface Penalties {
  /** The handler died of a fault of its own: by SIGSEGV and the like. */
  readonly crashMs: number;
  /** An access list refused. */
  readonly refusedMs: number;
  /** The rate of the source was exceeded. */
  readonly tooFastMs: number;
  /** It was ended because its time was over. */
  readonly timeLimitMs: number;
  /** The handler ended with one of these statuses. */
  readonly exitStatus: readonly { readonly status: number; readonly penaltyMs: number }[];
  /** Penalties are enforced once this much has come together. */
  readonly thresholdMs: number;
  /** And never for longer than this from the last one on. */
  readonly maxMs: number;
}
