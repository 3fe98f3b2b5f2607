import { InvariantError } from '../model/errors.ts';
import { PEER_NAMES } from '../model/peer-names.ts';
import type { PeerValue } from './plan-environment.ts';

/** As much as a worker of a pool is sent with a connection: docs/reference/handler-pool.md. */
export const ENVIRONMENT_BYTES = 4096;

/** As in /proc/PID/environ: `NAME=value`, each with a NUL behind it. How many bytes that are. */
export function encodeEnvironment(values: readonly PeerValue[], into: Buffer): number {
  let text = '';
  for (const [number, value] of values) text += `${PEER_NAMES[number]}=${value}\0`;
  // All that can be told of one client is less than that.
  if (text.length > into.length) throw new InvariantError(`Told a worker ${text.length} bytes of its client`);
  return into.write(text, 'latin1');
}
