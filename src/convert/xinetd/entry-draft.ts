import type { Place } from '../../config/source.ts';
import type { Attribute, Word } from './entry.ts';

/** A service as its block says it, before the rest of the files is read. */
export interface EntryDraft {
  readonly name: Word;
  /** From `service` to `}`. */
  readonly place: Place;
  /** With what it has from `defaults` where it begins. */
  readonly attributes: ReadonlyMap<string, Attribute>;
  /** Lists that add to what `defaults` had there. */
  readonly extended: ReadonlySet<string>;
  /** What `defaults` had there. */
  readonly base: ReadonlyMap<string, Attribute>;
  /** It says so itself. */
  readonly isOff: boolean;
}
