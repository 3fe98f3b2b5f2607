import { setTimeout as delay } from 'node:timers/promises';
import { start } from '../lib/start.mjs';
import { pssKb, usageOf } from './usage.mjs';

/** At rest is what is after so long, and not what the start leaves behind: V8 collects that when nothing has happened for some seconds. */
const SETTLED_MS = 10_000;
const NOTHING = 'setInterval(() => {}, 1e6)';

/**
 * Memory of a server that has served once and does nothing since, beside a process of Node that does nothing at all. That
 * one runs at the same time, so that both have the same part of what they share.
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
