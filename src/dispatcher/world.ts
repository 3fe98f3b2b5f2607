import type { Logs } from './logs.ts';
import type { StateFile } from './state-file.ts';

/** What the dispatcher takes from outside, so that a test can give it another. */
export interface World {
  readonly log: Pick<Logs, 'subscriber' | 'use' | 'viewOf' | 'follow' | 'reopen' | 'close'>;
  /** What outlasts this process; undefined: nothing does. */
  readonly state: StateFile | undefined;
  /** Of this program, as it was when it was started. */
  readonly version: string;
  readonly pids: { readonly spawner: number; readonly dispatcher: number };
  /** A service manager that wants to know; how often it is to get a sign of life, if it wants one. */
  readonly manager?: { readonly signOfLifeMs: number | undefined } | undefined;
  /** Monotonic milliseconds. */
  nowMs(): number;
  /** Since the epoch: for windows of time and what outlives this process. */
  wallMs(): number;
  /** Load average of one minute, as of a moment ago. */
  load(): number;
  /** A random number in [0, 1). */
  roll(): number;
  /** Two random words, for keyed hashes. */
  secret(): Uint32Array;
  /** Calls back once, after a time on the monotonic clock; gives the function that calls it off. */
  after(delayMs: number, callback: () => void): () => void;
  /** Ends the process. */
  exit(code: number): void;
}
