/** What the checks decide by, read once for each connection. */
export interface Facts {
  /** Handlers of the service that run or are being launched. */
  readonly running: number;
}
