/** What is measured: rows of one table, each for a number of connections in flight. */
export interface Scene {
  readonly name: string;
  readonly title: string;
  /** `load` unless said: connections a second; the others are of memory. */
  readonly kind?: 'load' | 'idle' | 'held';
  /** Names of servers that play beside zinetd. */
  readonly peers: readonly string[];
  /** The program that is started for a connection, by peers another one if that is said. */
  readonly handler: string;
  readonly peersHandler?: string;
  readonly inFlight: readonly number[];
  /** Of the load generator. */
  readonly flags: readonly string[];
  /** More rounds than the others have, where a small difference counts. */
  readonly roundsTimes?: number;
  /** How one asks whether a server serves: it says "ok" by itself unless something else is said. */
  readonly asks?: Asks;
  /** A connection has so many bytes, and the tables what that makes a second. */
  readonly bytes?: number;
  /** Connections before the clock starts; 50 unless said. */
  readonly warmUp?: number;
  /** Of a connection. */
  readonly timeoutMs?: number;
  readonly builtin?: 'echo';
  readonly datagrams?: boolean;
  /** Each connection is relayed to somebody who answers so much. */
  readonly relayedBytes?: number;
  /** Where the load comes from, and the rule of every server says no to. */
  readonly refusedNet?: string;
  /** `lifted` unless said. */
  readonly limits?: 'lifted' | 'default';
  /** Of zinetd's service. */
  readonly attributes?: readonly string[];
  /** Services that zinetd has besides. */
  readonly others?: number;
}

export type Asks = 'line' | 'echo' | 'datagram';

/** The figures of one measurement; those of memory have others than those of a load. */
export type Figures = Readonly<Record<string, number>>;

export interface Sample {
  readonly figures: Figures;
  readonly errors: Readonly<Record<string, number>>;
  /** Connections served, also before and after the clock ran. */
  readonly total: number;
  /** Of the machine that neither the server nor the load generator used, 0 to 1. */
  readonly foreignShare: number;
}

/** All measurements of a server in a scene, round by round. */
export interface Result {
  readonly server: string;
  readonly scene: string;
  readonly inFlight: number;
  readonly samples: readonly Sample[];
  /** Why there are none, or fewer than the others have. */
  readonly problem?: string;
  /** Per refusal. */
  readonly does?: string;
  /** Of all in flight: how many it refused, and how many its log has. */
  readonly log?: { readonly refused: number; readonly told: number };
}
