import { readFileSync, readlinkSync } from 'node:fs';
import { processTree } from '../lib/process-tree.mjs';

/**
 * Memory of a process as PSS, in KB: what it has for itself, and its part of what it shares with others.
 *
 * @param {number} pid
 */
export function pssKb(pid) {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1]);
}

/** @param {number} pid */
function programOf(pid) {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return ''; // it ended between two looks
  }
}

/**
 * Memory of a server: of the process that was started, and of those of Node that it has started. zinetd's are the
 * spawner and the dispatcher; other servers have the first only.
 *
 * @param {number} pid
 * @returns {{firstKb: number, nodesKb: number | undefined}}
 */
export function usageOf(pid) {
  const node = readlinkSync('/proc/self/exe');
  const nodes = processTree(pid).filter((each) => each.pid !== pid && programOf(each.pid) === node);
  const nodesKb = nodes.reduce((sum, each) => sum + pssKb(each.pid), 0);
  return { firstKb: pssKb(pid), nodesKb: nodes.length > 0 ? nodesKb : undefined };
}
