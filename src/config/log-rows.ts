import type { LogDestination } from '../model/log-policy.ts';
import { DistinctRows } from './distinct-rows.ts';
import type { Place } from './source.ts';

/** Where records of the daemon itself go, and of every service that does not say. */
const OWN: LogDestination = { kind: 'stdout', format: undefined };

/** What a service wants of a log file. */
export interface FileClaim {
  readonly softBytes: number | undefined;
  readonly hardBytes: number | undefined;
  readonly mode: number;
  readonly at: Place;
}

/** The destinations of a configuration, each once however many services share it. */
export class LogRows {
  readonly #rows = new DistinctRows<LogDestination>([OWN]);
  readonly #claims = new Map<string, FileClaim>();

  /** The index of a destination. */
  add(destination: LogDestination): number {
    return this.#rows.add(destination);
  }

  /** The first claim on a file, which those after it have to agree with. */
  claim(path: string, claim: FileClaim): FileClaim {
    const first = this.#claims.get(path) ?? claim;
    this.#claims.set(path, first);
    return first;
  }

  get rows(): readonly LogDestination[] {
    return this.#rows.rows;
  }
}
