import { setTimeout as delay } from 'node:timers/promises';
import { start } from '../lib/start.mjs';
import { pssKb, usageOf } from './usage.mjs';

/** Until what the start left behind has gone. */
const SETTLED_MS = 1_500;
const NOTHING = 'setInterval(() => {}, 1e6)';

/**
 * Memory of a server that has served once and does nothing, beside a process of Node that does nothing at all. That one
 * runs at the same time, so that both have the same part of what they share.
 *
 * @param {import('../lib/daemon.mjs').Daemon} daemon
 * @returns {Promise<import('../lib/scene.d.mts').Sample>}
 */
export async function restOf(daemon) {
  const node = start([process.execPath, '-e', NOTHING], {});
  try {
    await delay(SETTLED_MS);
    const { firstKb, nodesKb } = usageOf(daemon.pid);
    const nodeKb = pssKb(node.pid);
    const over = nodesKb === undefined ? {} : { nodesKb, nodeKb, overKb: firstKb + nodesKb - nodeKb };
    return { figures: { firstKb, ...over }, errors: {}, total: 1, foreignShare: 0 };
  } finally {
    await node.stop();
  }
}
