/** One way in for input that somebody else has written. */
export interface FuzzTarget {
  readonly name: string;
  /** Of SECURITY.md. */
  readonly entries: string;
  readonly seeds: () => readonly Uint8Array[];
  /** What is put in whole. */
  readonly words: readonly string[];
  /** Throws when what must hold does not. In a word or two what came of the input: how many there are tells how far it went. */
  readonly run: (bytes: Uint8Array) => string;
}

/** Throws when it is not so. */
export function holds(isSo: boolean, what: string, ...seen: readonly unknown[]): void {
  if (isSo) return;
  const text = (value: unknown) => (typeof value === 'bigint' ? String(value) : value);
  throw new Error(`${what} does not hold: ${JSON.stringify(seen, (_, value) => text(value))}`);
}

export function texts(...seeds: readonly string[]): readonly Uint8Array[] {
  return seeds.map((seed) => Buffer.from(seed));
}
