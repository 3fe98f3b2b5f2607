import type { Arrival } from '../admission/check.ts';
import type { CertificateFact, DecisionFact, IdentFact, NameFact } from '../admission/facts.ts';
import type { Connection } from '../model/connection.ts';
import type { Descriptor } from '../native/descriptor.ts';

/** Whoever has come, until the verdict. The descriptor is here alone until somebody takes it over. */
export interface Guest {
  readonly connection: Connection;
  /** Undefined where nothing is the guest's own: it has sent a datagram, or a handler is to accept it. */
  readonly descriptor: Descriptor | undefined;
  readonly arrival: Arrival;
  /** Whom it counts for. */
  readonly source: Uint32Array;
  readonly name: NameFact;
  readonly ident: IdentFact;
  readonly decision: DecisionFact;
  readonly certificate: CertificateFact;
  /** When somebody was asked about it first, where somebody measures that. */
  readonly askedAtMs?: number | undefined;
}
