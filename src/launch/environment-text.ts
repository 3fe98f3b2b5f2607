import { PEER_NAMES } from '../model/peer-names.ts';
import type { Told } from './plan-environment.ts';
import { type ValueForm, ValueWriter } from './value-writer.ts';

/** As much as a worker of a pool is sent with a connection: docs/reference/handler-pool.md. */
export const ENVIRONMENT_BYTES = 4096;

/** As in /proc/PID/environ: `NAME=value`, each with a NUL behind it. */
const FORM: ValueForm = { heads: PEER_NAMES.map((name) => Buffer.from(`${name}=`, 'latin1')), end: 'nul' };

/** What workers are told of clients, one after the other, in memory that is allocated once. */
export class EnvironmentText {
  readonly bytes: Uint8Array = new Uint8Array(ENVIRONMENT_BYTES);
  readonly #values = new ValueWriter(this.bytes, FORM);

  /** Gives how many of the bytes it takes. */
  write({ plan, client }: Told): number {
    this.#values.start({ at: 0, room: ENVIRONMENT_BYTES });
    plan.write(client, this.#values);
    return this.#values.at;
  }
}
