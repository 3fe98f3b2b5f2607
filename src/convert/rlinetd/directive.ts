import type { Place } from '../../config/source.ts';
import type { Token } from './token.ts';

/** `name value, value;` or `name value { ... }`. */
export interface Directive {
  readonly name: Token;
  readonly values: readonly Token[];
  /** What stands in its braces; undefined where it has none. */
  readonly block: readonly Directive[] | undefined;
  /** With what ends it. */
  readonly place: Place;
}
