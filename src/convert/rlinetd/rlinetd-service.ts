import type { Place } from '../../config/source.ts';
import type { Directive } from './directive.ts';
import type { Token } from './token.ts';

/** What stands in the block of a service, or of `defaults`. */
export interface ServiceParts {
  /** By name; the last of each. */
  readonly settings: ReadonlyMap<string, Directive>;
  /** In their order. */
  readonly actions: readonly Directive[];
}

/** A file of records that services can name. */
export interface LogTarget {
  readonly name: Token;
  readonly directives: readonly Directive[];
  /** How many were there before. */
  readonly index: number;
}

/** A service with everything that it has from `defaults`. */
export interface RlinetdService extends ServiceParts {
  readonly name: Token;
  /** From `service` to `}`. */
  readonly place: Place;
  /** All that the files have; those count that stood there before it, which are `logCount`. */
  readonly logs: ReadonlyMap<string, LogTarget>;
  readonly logCount: number;
  /** False: `enabled no`. */
  readonly isEnabled: boolean;
}
