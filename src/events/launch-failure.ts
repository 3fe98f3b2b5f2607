/** Why a connection that was admitted got no handler. `step` is a row of the spawner's step table. */
export interface LaunchFailure {
  readonly step: string;
  /** Symbolic errno, such as `ENOENT`, or what was wrong with a header; undefined where no system call failed. */
  readonly code: string | undefined;
}
