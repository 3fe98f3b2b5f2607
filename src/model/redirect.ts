/** A service whose connections are relayed to somebody else's address. */
export interface Redirect {
  /** Row of the launch table that the spawner connects. */
  readonly outlet: number;
  /** Where that is, for messages. */
  readonly to: string;
  readonly connectMs: number;
  /** Without a byte in either direction for this long it ends; undefined: never. */
  readonly idleMs: number | undefined;
  /** The target is a program of the service, ended when there was no connection for this long; undefined: it is not. */
  readonly idleStopMs: number | undefined;
}
