import type { Place } from '../config/source.ts';

/** Whom a rule is about. */
export type RulePeer =
  | { readonly kind: 'network'; readonly bytes: Uint8Array; readonly length: number }
  | { readonly kind: 'host'; readonly name: string }
  /** Names that end so; begins with a dot. */
  | { readonly kind: 'domain'; readonly suffix: string }
  /** Whoever has a name. */
  | { readonly kind: 'named' }
  | { readonly kind: 'all' };

export interface RuleVariable {
  readonly name: string;
  readonly value: string;
}

/** One thing to look a client up by, and what is then. */
export interface PeerRule {
  readonly peer: RulePeer;
  readonly grants: boolean;
  /** What the handler is told. */
  readonly env: readonly RuleVariable[];
  readonly place: Place;
}

/** How a program looks its rules up. */
export interface LookUp {
  /** Networks before names; otherwise a name stands between the address and its networks. */
  readonly networksFirst: boolean;
  /** What becomes of a client that no rule is about. */
  readonly grantsOthers: boolean;
  /** Whether a name that does not lead back to its address is none. */
  readonly confirmsNames: boolean;
}
