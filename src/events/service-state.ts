import type { ListenPlace } from '../model/listen-address.ts';
import type { PauseReason } from '../model/pause-reason.ts';
import type { RefusalReason } from '../model/refusal-reason.ts';

/** What has become of the clients of a service since the dispatcher began. */
export interface ServiceCounts {
  readonly started: number;
  readonly failed: number;
  readonly ended: number;
  readonly refused: number;
  readonly refusedFor: Readonly<Partial<Record<RefusalReason, number>>>;
}

/** A socket of a service. */
export interface ListenerState {
  readonly local: ListenPlace;
  readonly isOpen: boolean;
  /** Why it is not looked at; it accepts if there is nothing. */
  readonly pauses: readonly PauseReason[];
  /** Symbolic errno of why it could not be opened. */
  readonly code: string | undefined;
}

/** Nothing is accepted, for this long. */
export interface Suspension {
  readonly reason: string;
  readonly forMs: number;
}

/** Whether the operator lets anybody in; `draining`: not any more, and somebody waits until nobody is left. */
export type Standing = 'enabled' | 'disabled' | 'draining';

/** A service at the moment that somebody asks for the state. */
export interface ServiceState {
  readonly standing: Standing;
  readonly running: number;
  readonly starting: number;
  /** How many handlers it may have; Infinity for any number. */
  readonly instances: number;
  readonly counts: ServiceCounts;
  readonly suspension: Suspension | undefined;
  readonly listeners: readonly ListenerState[];
}
