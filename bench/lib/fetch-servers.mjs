import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SERVERS } from '../servers/all.mjs';

/**
 * @typedef {import('./field.mjs').Entrant} Entrant
 * @typedef {{directory: string, signal: AbortSignal, tell: (line: string) => void}} Where
 */

/**
 * The programs of the servers with these names, or of all; one that cannot be had is an entrant with a problem.
 *
 * @param {readonly string[] | undefined} names
 * @param {Where} where
 * @returns {Promise<readonly Entrant[]>}
 */
export async function fetchServers(names, where) {
  const known = SERVERS.filter(({ variantOf }) => variantOf === undefined).map(({ name }) => name);
  const stranger = names?.find((name) => !known.includes(name));
  if (stranger !== undefined)
    throw new RangeError(`Cannot measure "${stranger}": known are ${known.join(', ')}`);
  const entrants = [];
  for (const server of SERVERS.filter(({ name, variantOf = name }) => names?.includes(variantOf) ?? true)) {
    entrants.push(await fetchOne(server, where));
  }
  return entrants;
}

/**
 * @param {import('../servers/server.d.mts').Server} server
 * @param {Where} where
 * @returns {Promise<Entrant>}
 */
async function fetchOne(server, { directory, signal, tell }) {
  const own = join(directory, server.name.replace(/\W+/g, '-'));
  try {
    await mkdir(own, { recursive: true });
    return { server, program: await server.fetch({ directory: own, signal }) };
  } catch (error) {
    signal.throwIfAborted();
    const problem = error instanceof Error ? error.message : String(error);
    tell(`${server.name}: ${problem}`);
    return { server, problem };
  }
}
