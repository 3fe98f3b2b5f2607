import { readdirSync, readFileSync } from 'node:fs';

/** The unit of times in /proc/PID/stat; Linux shows user space 100 a second on every architecture. */
const TICK_US = 10_000;

/** @typedef {{pid: number, parent: number, reapedUs: number}} Process */

/** @param {string} path */
function readOrNothing(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // it ended between two looks
  }
}

/**
 * @param {number} pid
 * @returns {Process | undefined}
 */
function lookAt(pid) {
  const stat = readOrNothing(`/proc/${pid}/stat`);
  if (!stat) return undefined;
  // The name may hold spaces and brackets: fields are counted from its end.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { pid, parent: Number(fields[1]), reapedUs: (Number(fields[13]) + Number(fields[14])) * TICK_US };
}

/** Time of the threads that live, to the nanosecond, where /proc/PID/stat has ticks. */
function ownUs(/** @type {number} */ pid) {
  let threads;
  try {
    threads = readdirSync(`/proc/${pid}/task`);
  } catch {
    return 0;
  }
  const times = threads.map((thread) => readOrNothing(`/proc/${pid}/task/${thread}/schedstat`).split(' ')[0]);
  return times.reduce((sum, time) => sum + Number(time ?? 0) / 1000, 0);
}

/**
 * A process and all its descendants.
 *
 * @param {number} root
 * @returns {readonly Process[]}
 */
export function processTree(root) {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const all = pids.map((pid) => lookAt(Number(pid))).filter((found) => found !== undefined);
  const tree = all.filter(({ pid }) => pid === root);
  for (let i = 0; i < tree.length; i++) tree.push(...all.filter(({ parent }) => parent === tree[i]?.pid));
  return tree;
}

/**
 * CPU time used so far by a process, its descendants, and all children that they have reaped.
 *
 * @param {readonly Process[]} tree
 * @returns {number} microseconds
 */
export function cpuUs(tree) {
  return tree.reduce((sum, { pid, reapedUs }) => sum + ownUs(pid) + reapedUs, 0);
}
