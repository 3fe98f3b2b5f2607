export interface Options {
  /** `tables` measures everything; `quick` and `store` the rows of the gate. */
  readonly mode: 'tables' | 'quick' | 'store';
  readonly rounds: number;
  /** Of each measurement. */
  readonly seconds: number;
  /** Undefined: all. */
  readonly servers: readonly string[] | undefined;
  readonly scenes: readonly string[];
  /** A file for the raw data. */
  readonly json: string | undefined;
  /** A document to put the tables into. */
  readonly insert: string | undefined;
}

export declare const USAGE: string;

/** Throws a RangeError or a TypeError that says what is wrong. */
export declare function parseOptions(args: readonly string[]): Options;
