/** A part of an extended regular expression of regex(7). */
export type PatternNode =
  | { readonly kind: 'character'; takes(character: string): boolean }
  | { readonly kind: 'start' | 'end' }
  | { readonly kind: 'sequence' | 'choice'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'repeat'; readonly part: PatternNode; readonly least: number; readonly most: number };
