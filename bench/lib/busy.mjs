import { cpus } from 'node:os';
import { performance } from 'node:perf_hooks';

/**
 * How long all CPUs have been at work since another look, and how long they could have been.
 *
 * @param {{idle: number, at: number}} [since]
 * @returns {{idle: number, at: number, busy: number, all: number}} idle and at are for the next look
 */
export function busyUs(since = { idle: 0, at: 0 }) {
  const all = cpus();
  const idle = all.reduce((sum, { times }) => sum + times.idle * 1000, 0);
  const at = performance.now() * 1000;
  const could = (at - since.at) * all.length;
  return { idle, at, busy: Math.max(0, could - (idle - since.idle)), all: could };
}
