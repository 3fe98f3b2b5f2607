/** What a victim must get, whoever abuses the service meanwhile. */
export interface Bar {
  readonly name: string;
  /** That abuse. */
  readonly sources: number;
  /** Of the victim's connections, at least. */
  readonly share: number;
  /** At most, from the moment that the schedule says to the first byte. */
  readonly p99Ms: number;
}

export interface Victim {
  readonly scheduled: number;
  readonly served: number;
  readonly share: number;
  /** Of those that were served, from the schedule to the first byte. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly errors: Readonly<Record<string, number>>;
}

export interface Abusers {
  /** Connections that they really made. */
  readonly perSecond: number;
  readonly served: number;
  /** Accepted, and ended without a byte. */
  readonly turnedAway: number;
  /** Not accepted, or left alone. */
  readonly unanswered: number;
}

export interface Duel {
  readonly bar: Bar;
  readonly victim: Victim;
  readonly abusers: Abusers;
}

export interface Ground {
  /** The path of the load generator. */
  readonly loadgen: string;
  readonly port: number;
  readonly seconds: number;
  readonly signal?: AbortSignal;
  /** Goes before the command lines of the load generators. */
  readonly prefix?: readonly string[];
}

export declare const BARS: Readonly<Record<'one' | 'many', Bar>>;

/** Abusers and a victim on one service, each from sources of its own. */
export declare function holdDuel(bar: Bar, ground: Ground): Promise<Duel>;

/** Whether the victim was served well enough. */
export declare function isMet(duel: Duel): boolean;
