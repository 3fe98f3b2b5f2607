import type { Endpoint } from '../model/address.ts';
import type { DeskKind } from '../model/desk.ts';
import type { Policy } from '../model/policy.ts';
import type { Descriptor } from '../native/descriptor.ts';
import type { Timings } from './timings.ts';

/** Somebody who came to zinetd itself. */
export interface Visitor {
  readonly descriptor: Descriptor;
  readonly peer: Endpoint;
  /** The listener that it came through. */
  readonly row: number;
}

/** Answers those who come to one kind of desk. */
export interface Desk {
  /** Takes the descriptor. */
  receive(visitor: Visitor): void;
  /** A reload has taken a listener away: lets go of those who came through it, unless they may stay. */
  shut(row: number): void;
  /** For a stop: lets go of everybody. */
  close(): void;
}

/** What is counted for those who come. */
interface Counting {
  readonly timings: Timings;
  /** A policy is in force from now on. */
  look(policy: Policy): void;
}

/** What zinetd itself is reached by. Those who come are in no table of sources, and no service's counters know of them. */
export class Desks {
  readonly #desks: Readonly<Partial<Record<DeskKind, Desk>>>;

  readonly #metrics: Counting;

  constructor(desks: Readonly<Partial<Record<DeskKind, Desk>>>, metrics: Counting) {
    this.#desks = desks;
    this.#metrics = metrics;
  }

  /** What is measured for those who come. */
  get timings(): Timings {
    return this.#metrics.timings;
  }

  /** A policy is in force from now on. */
  look(policy: Policy): void {
    this.#metrics.look(policy);
  }

  receive(kind: DeskKind, visitor: Visitor): void {
    const desk = this.#desks[kind];
    if (desk) desk.receive(visitor);
    else visitor.descriptor.close();
  }

  shut(row: number): void {
    for (const desk of Object.values(this.#desks)) desk.shut(row);
  }

  close(): void {
    for (const desk of Object.values(this.#desks)) desk.close();
  }
}
