import type { Arrival } from '../admission/check.ts';
import type { DecisionFact, NameFact } from '../admission/facts.ts';
import type { Connection } from '../model/connection.ts';
import type { Descriptor } from '../native/descriptor.ts';

/** A connection between accept and its verdict. Its descriptor is here alone until somebody takes it over. */
export interface Guest {
  readonly connection: Connection;
  readonly descriptor: Descriptor;
  readonly arrival: Arrival;
  /** Whom it counts for. */
  readonly source: Uint32Array;
  readonly name: NameFact;
  readonly decision: DecisionFact;
}
