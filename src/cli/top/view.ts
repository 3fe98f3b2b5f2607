import { type ColumnKey, TOP_COLUMNS } from './top-columns.ts';

/** What the one who looks has chosen. */
export interface View {
  readonly sort: ColumnKey;
  readonly isReversed: boolean;
  /** A part of the name, whatever the case; empty for all. */
  readonly filter: string;
  readonly mode: 'table' | 'filter' | 'help';
  readonly isPaused: boolean;
  /** How many services are scrolled off at the top. */
  readonly offset: number;
}

export const FIRST_VIEW: View = {
  ...{ sort: 'startRate', isReversed: false, filter: '', mode: 'table', isPaused: false, offset: 0 },
};

/** What `s` goes through: what can be sorted by, from left to right. */
export const SORT_KEYS: readonly ColumnKey[] = Object.keys(TOP_COLUMNS) as ColumnKey[];
