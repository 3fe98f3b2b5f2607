import type { Endpoint } from '../model/address.ts';
import type { Verdict } from '../model/verdict.ts';

/** Why a connection that was admitted got no handler. `step` is a row of the spawner's step table. */
export interface LaunchFailure {
  readonly step: string;
  /** Symbolic errno, such as `ENOENT`; undefined where no system call failed. */
  readonly code: string | undefined;
}

/** How a handler ended; times in microseconds of CPU, `durationMs` on the monotonic clock. */
export interface Exit {
  readonly status: number | undefined;
  readonly signal: number | undefined;
  readonly durationMs: number;
  readonly userUs: number;
  readonly systemUs: number;
  readonly maxRssKb: number;
}

/** A connection ends in exactly one of refused, failed, exited (promise 7). */
export type ConnectionEvent =
  | { readonly type: 'started'; readonly service: string; readonly peer: Endpoint; readonly pid: number }
  | { readonly type: 'refused'; readonly service: string; readonly peer: Endpoint; readonly verdict: Verdict }
  | {
      readonly type: 'failed';
      readonly service: string;
      readonly peer: Endpoint;
      readonly failure: LaunchFailure;
    }
  | {
      readonly type: 'exited';
      readonly service: string;
      readonly peer: Endpoint;
      readonly pid: number;
      readonly exit: Exit;
    };

/** The daemon's own life. `message` texts are made in logging, from this data. */
export type DaemonEvent =
  | { readonly type: 'listening'; readonly service: string; readonly local: Endpoint }
  | {
      readonly type: 'listen-failed';
      readonly service: string;
      readonly local: Endpoint;
      readonly code: string;
    }
  | { readonly type: 'ready'; readonly services: number; readonly adopted: number }
  | { readonly type: 'program-replaced'; readonly service: string }
  | { readonly type: 'dispatcher-restarted'; readonly times: number }
  | { readonly type: 'paused'; readonly service: string; readonly reason: string; readonly retryMs: number }
  | { readonly type: 'resumed'; readonly service: string }
  | { readonly type: 'sandbox-lacks'; readonly feature: string; readonly consequence: string }
  | { readonly type: 'request-refused'; readonly request: string; readonly code: string }
  | { readonly type: 'reload-unsupported' }
  | { readonly type: 'stopping'; readonly running: number }
  | { readonly type: 'stopped'; readonly killed: number }
  | { readonly type: 'spawner-gone' }
  /** The log itself lost records: its reader stalled or its disk was full. */
  | { readonly type: 'records-lost'; readonly count: number };

export type ZinetdEvent = ConnectionEvent | DaemonEvent;
