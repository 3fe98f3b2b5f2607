import { NumberTable } from '../supervise/number-table.ts';
import type { PooledConnection } from './pooled-connection.ts';

/**
 * What a worker has, the oldest first: a table and a list through the records themselves. A Map would lead from what is gone to
 * what is there, and the garbage collector with it (number-table.ts).
 */
export class OpenConnections {
  readonly #byId = new NumberTable<PooledConnection>();
  #oldest: PooledConnection | undefined;
  #newest: PooledConnection | undefined;

  get size(): number {
    return this.#byId.size;
  }

  get oldest(): PooledConnection | undefined {
    return this.#oldest;
  }

  /** All of them at this moment. */
  get all(): readonly PooledConnection[] {
    const found: PooledConnection[] = [];
    for (let each = this.#oldest; each; each = each.newer) found.push(each);
    return found;
  }

  find(id: number): PooledConnection | undefined {
    return this.#byId.find(id);
  }

  add(connection: PooledConnection): void {
    this.#byId.add(connection);
    connection.older = this.#newest;
    if (this.#newest) this.#newest.newer = connection;
    else this.#oldest = connection;
    this.#newest = connection;
  }

  /** It is one of them. */
  remove(connection: PooledConnection): void {
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
