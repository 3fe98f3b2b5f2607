import type { Endpoint } from '../model/address.ts';
import type { CheckName } from '../model/check-name.ts';
import type { RefusalReason } from '../model/refusal-reason.ts';
import type { RefusalTemplate } from '../model/refusal-text.ts';
import type { CheckOutcome, Need } from '../model/verdict.ts';
import type { Facts } from './facts.ts';
import type { PreparedService } from './prepared.ts';

/** A connection as the checks see it: one record, so that its two ends cannot be mixed up (S45). */
export interface Arrival {
  readonly peer: Endpoint;
  /** Of the peer, canonical (model/address.ts). */
  readonly key: Uint8Array;
  readonly local: Endpoint;
}

/** What a check is asked about. */
export interface Question {
  readonly service: PreparedService;
  readonly arrival: Arrival;
  readonly facts: Facts;
}

/** What a check says. */
export interface Ruling {
  readonly outcome: CheckOutcome;
  /** Where the check has several reasons. */
  readonly reason?: RefusalReason | undefined;
  /** Where the check chooses the form of the service. */
  readonly variant?: number | undefined;
  /** For the client, as a template. */
  readonly text?: RefusalTemplate | undefined;
}

/** A ruling, or what is wanted first. */
export type Answer = Ruling | { readonly need: Need };

/** One row of the list of checks. */
export interface Check {
  readonly name: CheckName;
  /** Of a refusal by this check, unless its answer has another. */
  readonly reason: RefusalReason;
  /** Whether this service has it at all. */
  applies(service: PreparedService): boolean;
  /** Undefined: it has nothing to say, and is not told of. */
  check(question: Question): Answer | undefined;
}
