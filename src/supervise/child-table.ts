import type { Connection } from '../model/connection.ts';
import type { Ticket } from './ledger.ts';

/** A connection that was admitted: first being launched, then with a running handler. */
export interface Child {
  readonly connection: Connection;
  readonly ticket: Ticket;
}

/** All children by the id of their connection. */
export class ChildTable {
  readonly #launching = new Map<number, Child>();
  readonly #running = new Map<number, Child>();

  get launching(): number {
    return this.#launching.size;
  }

  get running(): number {
    return this.#running.size;
  }

  /** The request is on its way. */
  launch(child: Child): void {
    this.#launching.set(child.connection.id, child);
  }

  /** A handler runs: the one launched under this id, else one that an earlier dispatcher launched. */
  run(id: number, adopt: () => Child): Child {
    const child = this.#launching.get(id) ?? adopt();
    this.#launching.delete(id);
    this.#running.set(id, child);
    return child;
  }

  /** Takes out a child that failed to launch or has exited; undefined if an earlier dispatcher had it. */
  end(id: number): Child | undefined {
    const child = this.#launching.get(id) ?? this.#running.get(id);
    this.#launching.delete(id);
    this.#running.delete(id);
    return child;
  }
}
