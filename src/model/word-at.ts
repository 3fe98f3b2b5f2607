/** A word of a table whose maker gave the index: it is there. Nothing but a read, for tables that every connection is looked up in. */
export function wordAt(words: Uint32Array, index: number): number {
  return words[index] ?? 0;
}
