import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';
import { fetchServers } from './fetch-servers.mjs';
import { holdScene } from './hold-scene.mjs';
import { describeHost, foreignShare, handlerUser } from './host.mjs';
import { tell } from './run-main.mjs';
import { withDirectory } from './with-directory.mjs';

/**
 * @typedef {import('./scene.d.mts').Scene} Scene
 * @typedef {import('./field.mjs').Entrant} Entrant
 *
 * @typedef {object} Session what all scenes of a run have in common
 * @property {readonly Entrant[]} entrants
 * @property {string} host a line about the machine
 * @property {(line: string) => void} tell
 * @property {(scene: Scene, how: {rounds: number, seconds: number, attempts?: number}) => ReturnType<typeof holdScene>} hold
 */

/** Not in the build directory of the checkout, which node-gyp empties. */
const BUILD = fileURLToPath(new URL('../build', import.meta.url));
const BUSY_SHARE = 0.05;

const HANDLERS = /** @type {const} */ ([
  'raw',
  'glibc',
  'dynamic',
  'pooled',
  'holding',
  'datagram',
  'datagram-glibc',
]);

/**
 * Builds and fetches what a run needs, and cleans up behind it.
 *
 * @param {{servers: readonly string[] | undefined, signal: AbortSignal}} options
 * @param {(session: Session) => Promise<void>} use
 */
export async function withSession({ servers, signal }, use) {
  const programs = await build(BUILD, ['loadgen', 'target', ...HANDLERS]);
  const entrants = await fetchServers(servers, { directory: join(BUILD, 'peers'), signal, tell });
  const share = await foreignShare();
  if (share > BUSY_SHARE) tell('The machine is busy with something else: these figures will be noise');
  await withDirectory('bench', async (directory) => {
    const common = { programs, directory, user: handlerUser(), signal, tell };
    const hold = (/** @type {Scene} */ scene, /** @type {Parameters<Session['hold']>[1]} */ how) =>
      holdScene(entrants, { ...common, ...how, scene });
    await use({ entrants, host: describeHost(share), tell, hold });
  });
}
