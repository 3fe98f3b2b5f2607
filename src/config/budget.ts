/** What is left for a configuration with all its includes; parsing takes from it (S106). */
export interface Budget {
  nodes: number;
  bytes: number;
  /** For lists of addresses. */
  readonly lists: { bytes: number };
  /** For credentials. */
  readonly secrets: { bytes: number };
}

export const MOST_FILE_BYTES = 1_048_576;
/** A list of addresses, of which there may be a million. */
export const MOST_LIST_BYTES: number = 64 * MOST_FILE_BYTES;
export const MOST_NODES = 50_000;
export const MOST_DEPTH = 32;
/** Spaces, line breaks and comments too: five for a line of a key and a value. */
export const MOST_TOKENS = 250_000;
/** Includes together; comments cost no node. */
const MOST_BYTES = 16 * MOST_FILE_BYTES;

export function newBudget(): Budget {
  return {
    nodes: MOST_NODES,
    bytes: MOST_BYTES,
    lists: { bytes: 2 * MOST_LIST_BYTES },
    secrets: { bytes: MOST_BYTES },
  };
}
