import { setTimeout as delay } from 'node:timers/promises';
import { holdConnections } from './hold-connections.mjs';
import { usageOf } from './usage.mjs';

/** Served and gone before the first look, so that what a process has once is not counted with each connection. */
const BEFORE = 200;
const SETTLED_MS = 500;

/**
 * What a connection costs whose handler stays: memory with so many of them, by their number, beyond memory without any.
 *
 * @param {import('../lib/daemon.mjs').Daemon} daemon
 * @param {{port: number, count: number}} options
 * @returns {Promise<import('../lib/scene.d.mts').Sample>}
 */
export async function costOfHeld(daemon, { port, count }) {
  await (await holdConnections(port, BEFORE)).release();
  await delay(SETTLED_MS);
  const before = usageOf(daemon.pid);
  const held = await holdConnections(port, count);
  await delay(SETTLED_MS);
  const after = usageOf(daemon.pid);
  await held.release();
  const each = (/** @type {'firstKb' | 'nodesKb'} */ of) =>
    ((after[of] ?? 0) - (before[of] ?? 0)) / held.served;
  const nodes = after.nodesKb === undefined ? {} : { nodesKb: each('nodesKb') };
  // Other work takes time, not memory: it is not looked at.
  const errors = { unserved: count - held.served };
  return { figures: { firstKb: each('firstKb'), ...nodes }, errors, total: held.served, foreignShare: 0 };
}
