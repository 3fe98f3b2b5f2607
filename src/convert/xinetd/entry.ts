import type { Place } from '../../config/source.ts';

/** A name or a value with its place; xinetd has no quoting, so that a value never holds a blank. */
export interface Word {
  readonly text: string;
  readonly place: Place;
}

/** What an attribute is in the end, after `=`, `+=`, `-=` and `defaults`. */
export interface Attribute {
  /** In lower case. */
  readonly name: string;
  /** None where it is set to nothing. */
  readonly values: readonly Word[];
  /** What a later line of the service has replaced or taken away: xinetd has read that, too. */
  readonly dropped?: readonly Word[];
  /** Of the name where it was set last. */
  readonly at: Place;
  readonly from: 'service' | 'defaults';
}

/** A service that xinetd would look at, with everything it has from `defaults`. */
export interface XinetdEntry {
  readonly name: Word;
  /** The name unless `id` says otherwise. */
  readonly id: Word;
  /** From `service` to `}`. */
  readonly place: Place;
  readonly attributes: ReadonlyMap<string, Attribute>;
  /** False: `disable`, `enabled` or `disabled` says so. */
  readonly isEnabled: boolean;
}
