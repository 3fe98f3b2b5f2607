import type { Endpoint } from '../model/address.ts';
import type { Connection } from '../model/connection.ts';
import type { ClientEnd } from '../model/forced-end.ts';
import type { Ticket } from '../supervise/ledger.ts';
import type { OwnLife } from './lives.ts';
import type { Listed, OpenConnections } from './open-connections.ts';

/** Who has it. */
export interface ConnectionHolder {
  readonly id: number;
  readonly service: number;
  readonly pid: number;
  readonly open: OpenConnections<PooledConnection>;
  force(connection: PooledConnection, why: ClientEnd): void;
  kill(): void;
}

/** A connection that a worker has: the one record that there is of it. */
export class PooledConnection implements OwnLife, Listed<PooledConnection> {
  readonly connection: Connection;
  readonly ticket: Ticket;
  readonly worker: ConnectionHolder;
  readonly sinceMs: number;
  /** Why zinetd wants it to end, if it does. */
  ended: ClientEnd | undefined;
  /** Those of the table and the list that its worker keeps. */
  next: PooledConnection | undefined;
  older: PooledConnection | undefined;
  newer: PooledConnection | undefined;

  constructor(
    worker: ConnectionHolder,
    given: { readonly connection: Connection; readonly ticket: Ticket; readonly sinceMs: number },
  ) {
    this.worker = worker;
    this.connection = given.connection;
    this.ticket = given.ticket;
    this.sinceMs = given.sinceMs;
    this.ended = undefined;
    this.next = undefined;
    this.older = undefined;
    this.newer = undefined;
  }

  get number(): number {
    return this.connection.id;
  }

  get id(): number {
    return this.connection.id;
  }

  get service(): number {
    return this.connection.service;
  }

  get peer(): Endpoint {
    return this.connection.peer;
  }

  get via(): Endpoint | undefined {
    return this.connection.via;
  }

  get pid(): number {
    return this.worker.pid;
  }

  end(why: ClientEnd): void {
    this.worker.force(this, why);
  }

  kill(): void {
    this.worker.kill();
  }
}
