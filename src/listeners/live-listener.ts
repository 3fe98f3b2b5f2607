import type { Endpoint } from '../model/address.ts';
import type { PauseReason } from '../model/pause-reason.ts';
import type { Descriptor } from '../native/descriptor.ts';

/** A socket that a service is reached by, of whatever kind. */
export interface LiveListener {
  /** Index of the policy. */
  readonly service: number;
  /** Of the launch table. */
  readonly row: number;
  /** Where it really listens: with port 0, the port that the kernel chose. */
  local(): Endpoint;
  /** Why it is not polled; nothing if it is. */
  readonly pauses: ReadonlySet<PauseReason>;
  start(): void;
  /** Reasons are a set: one does not undo another. */
  pause(reason: PauseReason): void;
  resume(reason: PauseReason): void;
  close(): void;
  /** Of those that handlers get: one that is there already has it. Gives the function that ends this. */
  hold?(): () => void;
  /** Of those that are opened anew: the spawner has done so, or could not. */
  renew?(descriptor: Descriptor): void;
  renewFailed?(code: string): void;
}
