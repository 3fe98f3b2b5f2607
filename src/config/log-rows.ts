import type { LogDestination } from '../model/log-policy.ts';

/** Where records of the daemon itself go, and of every service that does not say. */
const OWN: LogDestination = { kind: 'stdout', format: undefined };

/** The destinations of a configuration, each once however many services share it. */
export class LogRows {
  readonly #rows: LogDestination[] = [OWN];

  /** The index of a destination. */
  add(destination: LogDestination): number {
    const key = JSON.stringify(destination);
    const known = this.#rows.findIndex((row) => JSON.stringify(row) === key);
    return known === -1 ? this.#rows.push(destination) - 1 : known;
  }

  get rows(): readonly LogDestination[] {
    return this.#rows;
  }
}
