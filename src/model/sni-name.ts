/** The host that clients of another service ask for who are to come to this one. */
export interface SniName {
  /** The service that listens, and speaks TLS with them. */
  readonly door: string;
  /** In lower case; or `*.` and what is behind one label. */
  readonly name: string;
}
