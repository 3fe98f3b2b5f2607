import type { Place } from '../../config/source.ts';

export type PlistType = 'dict' | 'array' | 'string' | 'integer' | 'real' | 'boolean' | 'date' | 'data';

export interface PlistEntry {
  readonly key: string;
  readonly keyPlace: Place;
  readonly value: PlistNode;
}

export interface PlistDict {
  readonly type: 'dict';
  readonly entries: ReadonlyMap<string, PlistEntry>;
  readonly place: Place;
}

export interface PlistArray {
  readonly type: 'array';
  readonly items: readonly PlistNode[];
  readonly place: Place;
}

export interface PlistString {
  readonly type: 'string';
  readonly value: string;
  readonly place: Place;
}

/** A property list as plist(5) has it, with the place of everything. */
export type PlistNode =
  | PlistDict
  | PlistArray
  | PlistString
  | { readonly type: 'integer'; readonly value: number; readonly place: Place }
  | { readonly type: 'boolean'; readonly value: boolean; readonly place: Place }
  /** No key that means anything here has these. */
  | { readonly type: 'real' | 'date' | 'data'; readonly place: Place };
