import type { Place } from '../../config/source.ts';

/** A piece of text and where it stands. */
export interface Word {
  readonly text: string;
  readonly place: Place;
}
