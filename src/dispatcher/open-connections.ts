import { type Numbered, NumberTable } from '../supervise/number-table.ts';

/** Who came before it and after it, of those that are there; the links are the list's. */
export interface Listed<T> extends Numbered<T> {
  older: T | undefined;
  newer: T | undefined;
}

/**
 * What a worker has, the oldest first: a table and a list through the records themselves. A Map would lead from what is gone to
 * what is there, and the garbage collector with it (number-table.ts).
 */
export class OpenConnections<T extends Listed<T>> {
  readonly #byId = new NumberTable<T>();
  #oldest: T | undefined;
  #newest: T | undefined;

  get size(): number {
    return this.#byId.size;
  }

  get oldest(): T | undefined {
    return this.#oldest;
  }

  /** All of them at this moment. */
  get all(): readonly T[] {
    const found: T[] = [];
    for (let each = this.#oldest; each; each = each.newer) found.push(each);
    return found;
  }

  find(id: number): T | undefined {
    return this.#byId.find(id);
  }

  add(connection: T): void {
    this.#byId.add(connection);
    connection.older = this.#newest;
    if (this.#newest) this.#newest.newer = connection;
    else this.#oldest = connection;
    this.#newest = connection;
  }

  /** It is one of them. */
  remove(connection: T): void {
    this.#byId.remove(connection.number);
    const { older, newer } = connection;
    if (older) older.newer = newer;
    else this.#oldest = newer;
    if (newer) newer.older = older;
    else this.#newest = older;
    connection.older = undefined;
    connection.newer = undefined;
  }
}
