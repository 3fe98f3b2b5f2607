import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Daemon } from './daemon.mjs';
import { freePort } from './free-port.mjs';

/**
 * @typedef {import('../servers/server.d.mts').Server} Server
 * @typedef {import('../servers/server.d.mts').Program} Program
 * @typedef {import('./scene.d.mts').Scene} Scene
 *
 * @typedef {object} Entrant
 * @property {Server} server
 * @property {Program} [program] undefined: not to be had
 * @property {string} [problem] why it takes no part
 *
 * @typedef {object} Contest
 * @property {Scene} scene
 * @property {Record<string, string>} programs built ones, by name
 * @property {string} directory of state, which handlers' users can enter
 * @property {{name: string, uid: number, gid: number} | undefined} user
 * @property {number} rounds
 * @property {number} seconds
 * @property {number} [attempts] at a measurement that something else disturbs
 * @property {AbortSignal} signal
 * @property {(line: string) => void} tell
 * @property {number | undefined} [relayedTo] port of loopback
 * @property {number | undefined} [helperPid] of whoever is at that port
 * @property {readonly string[]} [pins] before the command line of each server
 *
 * @typedef {object} Running
 * @property {Entrant} entrant
 * @property {number} port
 * @property {string} stem of its files
 * @property {number} total connections that ended as they should
 * @property {Daemon | undefined} daemon
 * @property {string | undefined} problem
 */

const OURS = 'zinetd';
let started = 0;

/**
 * Starts a server and waits until it serves. Joins the field before anything can go wrong, so that whatever
 * runs is stopped.
 *
 * @param {Entrant} entrant
 * @param {Contest} contest
 * @param {Running[]} [field]
 * @returns {Promise<Running>}
 */
export async function startServer(entrant, contest, field = []) {
  const { scene, directory, signal, tell } = contest;
  const port = await freePort();
  const stem = join(directory, `${entrant.server.name.replace(/\W+/g, '-')}-${scene.name}-${++started}`);
  /** @type {Running} */
  const running = { entrant, port, stem, total: 0, daemon: undefined, problem: entrant.problem };
  field.push(running);
  if (!entrant.program) return running;
  try {
    running.daemon = await launch(running, { contest, program: entrant.program });
    await running.daemon.ready(port, { signal, asks: scene.asks });
  } catch (error) {
    signal.throwIfAborted();
    running.problem = error instanceof Error ? error.message : String(error);
    tell(`${entrant.server.name}: ${running.problem}`);
  }
  return running;
}

/** @param {readonly Running[]} field */
export async function stopAll(field) {
  await Promise.all(field.map(({ daemon }) => daemon?.stop()));
}

/**
 * Whom all servers of a scene lead connections to.
 *
 * @param {Contest} contest
 */
export async function startTarget({ scene, programs, directory, signal }) {
  if (scene.relayedBytes === undefined) return undefined;
  const port = await freePort();
  const argv = [programs['target'] ?? '', String(port), String(scene.relayedBytes)];
  const daemon = new Daemon({ argv, environment: {} }, join(directory, `target-${scene.name}-${++started}`));
  await daemon.ready(port, { signal });
  return { port, daemon };
}

/**
 * @param {Running} running
 * @param {{contest: Contest, program: Program}} options
 */
async function launch(running, { contest, program }) {
  const { server } = running.entrant;
  const target = targetOf(running, contest);
  await copyFile(contest.programs[handlerOf(server, contest.scene)] ?? '', target.handler);
  await server.prepare?.(program.program, target);
  if (server.configuration) await writeFile(target.file, server.configuration(target));
  const environment = {
    PATH: process.env['PATH'] ?? '/usr/sbin:/usr/bin:/sbin:/bin',
    ...program.environment,
  };
  const argv = [...(contest.pins ?? []), ...server.argv(program.program, target)];
  return new Daemon({ argv, environment }, running.stem);
}

/**
 * @param {Server} server
 * @param {Scene} scene
 */
const handlerOf = ({ name }, { handler, peersHandler }) =>
  name === OURS ? handler : (peersHandler ?? handler);

/**
 * @param {Running} running
 * @param {Contest} contest
 * @returns {import('../servers/server.d.mts').Target}
 */
function targetOf({ port, stem }, { scene, user, relayedTo }) {
  const { builtin, datagrams, attributes, others, refusedNet, limits = 'lifted' } = scene;
  const refused = refusedNet ? { net: refusedNet, path: `${stem}.rules` } : undefined;
  const files = { handler: `${stem}.handler`, file: `${stem}.conf`, log: `${stem}.log` };
  return { port, ...files, user, limits, refused, relayedTo, builtin, datagrams, attributes, others };
}
