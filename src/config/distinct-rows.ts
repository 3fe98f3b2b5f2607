/** Rows of a configuration, each once however many services have it. */
export class DistinctRows<Row> {
  readonly #rows: Row[] = [];
  readonly #known = new Map<string, number>();

  constructor(first: readonly Row[] = []) {
    for (const row of first) this.add(row);
  }

  /** The index of a row. */
  add(row: Row): number {
    const key = JSON.stringify(row);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#known.set(key, this.#rows.length);
    return this.#rows.push(row) - 1;
  }

  get rows(): readonly Row[] {
    return this.#rows;
  }
}
