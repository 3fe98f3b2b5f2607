import type { Place } from './source.ts';

export interface MapEntry {
  readonly key: string;
  readonly keyPlace: Place;
  readonly value: SyntaxNode;
}

export interface MapNode {
  readonly kind: 'map';
  readonly place: Place;
  /** By key, in the order of the text. */
  readonly entries: ReadonlyMap<string, MapEntry>;
}

export interface ListNode {
  readonly kind: 'list';
  readonly place: Place;
  readonly items: readonly SyntaxNode[];
}

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly place: Place;
  readonly value: string | number | boolean | null;
  /** Written without quotes. */
  readonly plain: boolean;
}

/** Something already reported; the later steps pass over it in silence. */
export interface FaultyNode {
  readonly kind: 'faulty';
  readonly place: Place;
}

/** A configuration as written, free of YAML, with the place of everything. */
export type SyntaxNode = MapNode | ListNode | ScalarNode | FaultyNode;
