import type { Told } from '../launch/plan-environment.ts';
import type { Connection } from '../model/connection.ts';
import type { Descriptor } from '../native/descriptor.ts';
import type { Ticket } from '../supervise/ledger.ts';

/** One who was admitted to a service whose handlers live on; the descriptor is theirs. */
export interface PoolVisitor {
  readonly connection: Connection;
  readonly descriptor: Descriptor;
  readonly ticket: Ticket;
  readonly severity: string | undefined;
  /** What the worker is told of the client. */
  readonly told: Told | undefined;
  /** When it was decided to serve it, where somebody measures that. */
  readonly sinceMs: number | undefined;
}
