import type { Descriptor } from '../native/descriptor.ts';

/** What became of an outlet: the descriptor is the caller's then. A socket may still be on its way to its peer. */
export type OutletAnswer = { readonly descriptor: Descriptor } | { readonly code: string };

/** Has the spawner open what the launch table names as outlets. */
export interface Outlets {
  /**
   * Calls back once, never at once: with what is open now, or with the symbolic errno of what went wrong. The row is one
   * of the policy in force: look it up when asking, since a reload gives others.
   */
  open(row: number, callback: (answer: OutletAnswer) => void): void;
}
