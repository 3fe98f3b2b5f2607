/** What clients are told before the service says anything; undefined: nothing. */
export interface Banners {
  /** Ahead of every check. */
  readonly always: Uint8Array | undefined;
  /** After all checks, ahead of the handler. */
  readonly success: Uint8Array | undefined;
  /** When refused. */
  readonly fail: Uint8Array | undefined;
}
