import type { Place } from '../../config/source.ts';
import type { Word } from './word.ts';

/** `key = value value` of NetBSD. */
export interface KeyValues {
  readonly key: Word;
  readonly values: readonly Word[];
}

interface Lines {
  /** All of it, from its first character to its last. */
  readonly place: Place;
}

/** What the text of an inetd.conf is made of. */
export type Statement =
  | (Lines & { readonly kind: 'blank' })
  | (Lines & { readonly kind: 'comment' })
  | (Lines & {
      readonly kind: 'words';
      readonly words: readonly Word[];
      /** What was not read: a quote that nothing closes, or more words than anybody can use. */
      readonly fault: { readonly at: Place; readonly reason: string } | undefined;
    })
  | (Lines & {
      readonly kind: 'pairs';
      readonly head: Word;
      readonly isOn: boolean;
      readonly pairs: readonly KeyValues[];
      readonly fault: { readonly at: Place; readonly reason: string } | undefined;
    });
