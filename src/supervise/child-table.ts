import type { Connection } from '../model/connection.ts';
import type { Ticket } from './ledger.ts';

/** A connection that was admitted: first being launched, then with a running handler. */
export interface Child {
  readonly connection: Connection;
  readonly ticket: Ticket;
  /** The level that a rule wants for the record of its start. */
  readonly severity?: string | undefined;
  /** When it was decided to launch it, where somebody measures that. */
  readonly sinceMs?: number | undefined;
}

/** The process of a child, as far as it is known here; `slot` is what the spawner calls it. */
export interface Handler {
  readonly slot: bigint;
  readonly pid: number;
  /** On the monotonic clock. */
  readonly sinceMs: number;
}

export interface RunningChild extends Child {
  readonly handler: Handler;
}

/** All children by the id of their connection. */
export class ChildTable {
  readonly #launching = new Map<number, Child>();
  readonly #running = new Map<number, RunningChild>();
  /** How many of `#launching` belong to each service. */
  readonly #launchingOf: number[] = [];

  get launching(): number {
    return this.#launching.size;
  }

  launchingOf(service: number): number {
    return this.#launchingOf[service] ?? 0;
  }

  get running(): number {
    return this.#running.size;
  }

  /** Those that have a handler. */
  get handlers(): Iterable<RunningChild> {
    return this.#running.values();
  }

  /** Those that will have one. */
  get awaited(): Iterable<Child> {
    return this.#launching.values();
  }

  /** The handler of a connection, if it has one. */
  handlerOf(id: number): Handler | undefined {
    return this.#running.get(id)?.handler;
  }

  find(id: number): Child | undefined {
    return this.#launching.get(id) ?? this.#running.get(id);
  }

  /** The request is on its way. */
  launch(child: Child): void {
    this.#launching.set(child.connection.id, child);
    this.#count(child, 1);
  }

  /** A handler runs: the one launched under this id, else one that an earlier dispatcher launched. */
  run(
    id: number,
    { handler, adopt }: { readonly handler: Handler; readonly adopt: () => Child },
  ): RunningChild {
    const child = { ...(this.#launched(id) ?? adopt()), handler };
    this.#running.set(id, child);
    return child;
  }

  /** Takes out a child that failed to launch or has exited; undefined if an earlier dispatcher had it. */
  end(id: number): Child | undefined {
    const child = this.#launched(id) ?? this.#running.get(id);
    this.#running.delete(id);
    return child;
  }

  /** Takes it out of those that are being launched, if it is one. */
  #launched(id: number): Child | undefined {
    const child = this.#launching.get(id);
    if (!child) return undefined;
    this.#launching.delete(id);
    this.#count(child, -1);
    return child;
  }

  #count({ connection }: Child, by: number): void {
    this.#launchingOf[connection.service] = this.launchingOf(connection.service) + by;
  }
}
