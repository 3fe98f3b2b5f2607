import type { Endpoint } from '../model/address.ts';
import type { PauseReason } from './pause-reason.ts';

/** A socket that a service is reached by, of whatever kind. */
export interface LiveListener {
  /** Index of the policy. */
  readonly service: number;
  /** Of the launch table. */
  readonly row: number;
  /** Where it really listens: with port 0, the port that the kernel chose. */
  local(): Endpoint;
  start(): void;
  /** Reasons are a set: one does not undo another. */
  pause(reason: PauseReason): void;
  resume(reason: PauseReason): void;
  close(): void;
}
