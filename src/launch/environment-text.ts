import type { PeerEnvSet } from '../model/peer-env.ts';
import type { PeerName } from '../model/peer-names.ts';
import type { Client } from './client.ts';
import { isTellable, valuesOf } from './plan-environment.ts';

/** As much as a worker of a pool is sent with a connection: docs/reference/handler-pool.md. */
export const ENVIRONMENT_BYTES = 4096;

/** What a worker is told of a client, as in /proc/PID/environ: `NAME=value`, each with a NUL behind it. */
export function environmentText(client: Client, sets: readonly PeerEnvSet[]): string {
  const values = valuesOf(client, sets);
  let text = '';
  for (const name in values) {
    const value = values[name as PeerName];
    if (value !== undefined && isTellable(value)) text += `${name}=${value}\0`;
  }
  return text;
}
