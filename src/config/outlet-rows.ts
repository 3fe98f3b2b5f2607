import type { Outlet } from '../model/outlet.ts';

/** The outlets of a configuration, each once however many services name it. */
export class OutletRows {
  readonly #rows: Outlet[] = [];
  readonly #known = new Map<string, number>();

  /** The row of an outlet. */
  add(outlet: Outlet): number {
    const key = JSON.stringify(outlet);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#known.set(key, this.#rows.length);
    return this.#rows.push(outlet) - 1;
  }

  get rows(): readonly Outlet[] {
    return this.#rows;
  }
}
