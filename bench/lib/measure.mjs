import { setTimeout as delay } from 'node:timers/promises';
import { busyUs } from './busy.mjs';
import { command } from './command.mjs';
import { cpuUs, processTree } from './process-tree.mjs';

const WARM_UP = 50;
const TIMEOUT_MS = 2_000;
const QUIET_WITHIN_MS = 1_000;
const LOOK_AGAIN_MS = 10;

/**
 * @typedef {object} Sample
 * @property {number} connections served while the clock ran
 * @property {number} total the same with those before and after
 * @property {number} seconds
 * @property {number} perSecond
 * @property {number} p50Us
 * @property {number} p99Us
 * @property {number} maxUs
 * @property {Record<string, number>} errors
 * @property {number} cpuPerConnectionUs
 * @property {number} foreignShare of the machine that neither the server nor the load generator used, 0 to 1
 */

/**
 * One run of the load generator against one server, with what the server's processes used meanwhile.
 *
 * @param {object} run
 * @param {string} run.loadgen
 * @param {number} run.pid
 * @param {number} run.port
 * @param {number} run.inFlight
 * @param {number} run.seconds
 * @param {readonly string[]} run.flags of the load generator, besides
 * @param {number} [run.timeoutMs] of a connection
 * @param {AbortSignal} run.signal
 * @returns {Promise<Sample>}
 */
export async function measure({ loadgen, pid, port, inFlight, seconds, flags, timeoutMs, signal }) {
  const before = processTree(pid);
  const usedBefore = cpuUs(before);
  const machine = busyUs();
  const warmUp = timeoutMs ? 0 : WARM_UP; // one that is slow would never warm up
  const values = { p: port, c: inFlight, d: seconds, w: warmUp, t: timeoutMs ?? TIMEOUT_MS };
  const words = Object.entries(values).flatMap(([letter, value]) => [`-${letter}`, String(value)]);
  const result = JSON.parse(await command([loadgen, ...words, ...flags], { signal }));
  const after = await quietTree(pid, before.length);
  const { busy, all } = busyUs(machine);
  const used = cpuUs(after) - usedBefore;
  const foreignShare = Math.max(0, busy - used - result.cpuUs) / all;
  return { ...result, cpuPerConnectionUs: used / Math.max(result.total, 1), foreignShare };
}

/**
 * The tree when the last handlers have been reaped, so that their time is in it.
 *
 * @param {number} pid
 * @param {number} size of the tree before the load
 */
async function quietTree(pid, size) {
  const deadline = Date.now() + QUIET_WITHIN_MS;
  let tree = processTree(pid);
  while (tree.length > size && Date.now() < deadline) {
    await delay(LOOK_AGAIN_MS);
    tree = processTree(pid);
  }
  return tree;
}
