import type { Connection } from '../model/connection.ts';
import type { Ticket } from './ledger.ts';
import { type Numbered, NumberTable } from './number-table.ts';

/** A connection that was admitted: first being launched, then with a running handler. */
export interface Child {
  readonly connection: Connection;
  readonly ticket: Ticket;
  /** The level that a rule wants for the record of its start. */
  readonly severity?: string | undefined;
  /** It is no connection, but a worker of a pool, which has connections of its own. */
  readonly isWorker?: boolean | undefined;
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

/** One for each child, from the request to the end. */
interface Entry extends Child, Numbered<Entry> {
  handler: Handler | undefined;
}

function entryOf({ connection, ticket, severity, isWorker, sinceMs }: Child): Entry {
  return {
    number: connection.id,
    next: undefined,
    connection,
    ticket,
    severity,
    isWorker,
    sinceMs,
    handler: undefined,
  };
}

function isRunning(entry: Entry): entry is Entry & RunningChild {
  return entry.handler !== undefined;
}

/** All children by the id of their connection. */
export class ChildTable {
  readonly #entries = new NumberTable<Entry>();
  #launching = 0;
  /** How many of them belong to each service. */
  readonly #launchingOf: number[] = [];

  get launching(): number {
    return this.#launching;
  }

  launchingOf(service: number): number {
    return this.#launchingOf[service] ?? 0;
  }

  get running(): number {
    return this.#entries.size - this.#launching;
  }

  /** Those that have a handler. */
  get handlers(): Iterable<RunningChild> {
    return this.#entries.all.filter(isRunning);
  }

  /** Those that will have one. */
  get awaited(): Iterable<Child> {
    return this.#entries.all.filter((entry) => !isRunning(entry));
  }

  /** The handler of a connection, if it has one. */
  handlerOf(id: number): Handler | undefined {
    return this.#entries.find(id)?.handler;
  }

  find(id: number): Child | undefined {
    return this.#entries.find(id);
  }

  /** The request is on its way. */
  launch(child: Child): void {
    this.#entries.add(entryOf(child));
    this.#count(child, 1);
  }

  /** A handler runs: the one launched under this id, else one that an earlier dispatcher launched. */
  run(id: number, { handler, adopt }: { readonly handler: Handler; readonly adopt: () => Child }): Child {
    const entry = this.#entries.find(id);
    if (entry && !isRunning(entry)) {
      this.#count(entry, -1);
      entry.handler = handler;
      return entry;
    }
    const adopted = { ...entryOf(adopt()), number: id, handler };
    this.#entries.remove(id);
    this.#entries.add(adopted);
    return adopted;
  }

  /** Takes out a child that failed to launch or has exited; undefined if an earlier dispatcher had it. */
  end(id: number): Child | undefined {
    const entry = this.#entries.remove(id);
    if (entry && !isRunning(entry)) this.#count(entry, -1);
    return entry;
  }

  #count({ connection }: Child, by: number): void {
    this.#launching += by;
    this.#launchingOf[connection.service] = this.launchingOf(connection.service) + by;
  }
}
