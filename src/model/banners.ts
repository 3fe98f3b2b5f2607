/** What clients are told before the service says anything, as bytes in base64; undefined: nothing. */
export interface Banners {
  /** Ahead of every check. */
  readonly always: string | undefined;
  /** After all checks, ahead of the handler. */
  readonly success: string | undefined;
  /** When refused. */
  readonly fail: string | undefined;
}
