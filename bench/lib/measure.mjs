import { setTimeout as delay } from 'node:timers/promises';
import { busyUs } from './busy.mjs';
import { command } from './command.mjs';
import { cpuUs, processTree } from './process-tree.mjs';

const WARM_UP = 50;
const TIMEOUT_MS = 2_000;
const QUIET_WITHIN_MS = 1_000;
const LOOK_AGAIN_MS = 10;

/** @typedef {import('./scene.d.mts').Sample} Sample */

/**
 * One run of the load generator against one server, with what the server's processes used meanwhile.
 *
 * @param {object} run
 * @param {string} run.loadgen
 * @param {number} run.pid
 * @param {number | undefined} [run.helperPid] of another process that the load keeps busy, and that is not the server's
 * @param {number} run.port
 * @param {number} run.inFlight
 * @param {number} run.seconds
 * @param {readonly string[]} run.flags of the load generator, besides
 * @param {number | undefined} [run.warmUp] connections before the clock starts
 * @param {number | undefined} [run.timeoutMs] of a connection
 * @param {AbortSignal} run.signal
 * @returns {Promise<Sample>}
 */
export async function measure(run) {
  const { loadgen, pid, helperPid, port, inFlight, seconds, flags, warmUp, timeoutMs, signal } = run;
  const before = processTree(pid);
  const usedBefore = cpuUs(before);
  const helpedBefore = helperUs(helperPid);
  const machine = busyUs();
  const values = { p: port, c: inFlight, d: seconds, w: warmUp ?? WARM_UP, t: timeoutMs ?? TIMEOUT_MS };
  const words = Object.entries(values).flatMap(([letter, value]) => [`-${letter}`, String(value)]);
  const result = JSON.parse(await command([loadgen, ...words, ...flags], { signal }));
  const after = await quietTree(pid, before.length);
  const { busy, all } = busyUs(machine);
  const used = cpuUs(after) - usedBefore;
  const accounted = used + helperUs(helperPid) - helpedBefore + result.cpuUs;
  const { perSecond, p50Us, p99Us, total, errors } = result;
  const figures = { perSecond, p50Us, p99Us, cpuPerConnectionUs: used / Math.max(total, 1) };
  return { figures, errors, total, foreignShare: Math.max(0, busy - accounted) / all };
}

/** @param {number | undefined} pid */
const helperUs = (pid) => (pid === undefined ? 0 : cpuUs(processTree(pid)));

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
