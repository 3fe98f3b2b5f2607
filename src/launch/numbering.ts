/**
 * What this process calls the services and listeners of one launch table, by their places there. Ours stay the same
 * from one table to the next, so that whatever is counted or kept by them need not know of reloads.
 */
export interface Numbering {
  readonly services: readonly number[];
  readonly rows: readonly number[];
}
