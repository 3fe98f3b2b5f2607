import { setTimeout as delay } from 'node:timers/promises';
import { command } from '../lib/command.mjs';

/**
 * @typedef {import('./duel.d.mts').Bar} Bar
 * @typedef {import('./duel.d.mts').Duel} Duel
 * @typedef {import('./duel.d.mts').Ground} Ground
 */

/** B3 and B4: what one client may do to another, at the same rate of connections.
 *
 * @type {Readonly<Record<'one' | 'many', Bar>>}
 */
export const BARS = {
  one: { name: 'one source (B3)', sources: 1, share: 0.999, p99Ms: 50 },
  many: { name: '65,536 sources (B4)', sources: 65_536, share: 0.99, p99Ms: 250 },
};

const ABUSE_PER_SECOND = 5_000;
const VICTIM_PER_SECOND = 10;
const FIRST_ABUSER = '127.78.0.0';
const VICTIM = '127.90.0.1';
/** The victim comes when the abuse has begun, and is gone before it ends. */
const LEAD_MS = 500;

/** More than a second of abuse: it does not slow down because the server does. */
const ABUSERS_IN_FLIGHT = 6_000;
const ABUSER_TIMEOUT_MS = 1_000;
const VICTIMS_IN_FLIGHT = 64;
const VICTIM_TIMEOUT_MS = 5_000;

/**
 * Abusers and a victim on one service, each from sources of its own.
 *
 * @param {Bar} bar
 * @param {Ground} ground `prefix` goes before the command line of the load generators
 * @returns {Promise<Duel>}
 */
export async function holdDuel(bar, ground) {
  const abuse = load(ground, {
    ...{ r: ABUSE_PER_SECOND, s: FIRST_ABUSER, n: bar.sources },
    ...{ c: ABUSERS_IN_FLIGHT, t: ABUSER_TIMEOUT_MS, d: ground.seconds + (2 * LEAD_MS) / 1000 },
  });
  const plea = delay(LEAD_MS).then(() =>
    load(ground, {
      ...{ r: VICTIM_PER_SECOND, s: VICTIM, n: 1 },
      ...{ c: VICTIMS_IN_FLIGHT, t: VICTIM_TIMEOUT_MS, d: ground.seconds },
    }),
  );
  const [abusers, victim] = await Promise.all([abuse, plea]);
  return { bar, victim: victimOf(victim), abusers: abusersOf(abusers) };
}

/**
 * @param {Ground} ground
 * @param {Record<string, string | number>} flags
 */
async function load({ loadgen, port, seconds, signal, prefix = [] }, flags) {
  const words = Object.entries({ p: port, ...flags }).flatMap(([letter, value]) => [
    `-${letter}`,
    String(value),
  ]);
  const [program = loadgen, ...args] = [...prefix, loadgen, ...words];
  const timeoutMs = seconds * 1000 + 60_000;
  return JSON.parse(await command([program, ...args], { timeoutMs, ...(signal ? { signal } : {}) }));
}

/** @returns {Duel['victim']} */
function victimOf(/** @type {any} */ { total, scheduled, firstByte, errors }) {
  return {
    scheduled,
    served: total,
    share: total / scheduled,
    p50Ms: firstByte.p50Us / 1000,
    p99Ms: firstByte.p99Us / 1000,
    maxMs: firstByte.maxUs / 1000,
    errors,
  };
}

/** @returns {Duel['abusers']} */
function abusersOf(/** @type {any} */ { total, scheduled, unsent, seconds, errors }) {
  const turnedAway = errors.noData + errors.reset;
  return {
    perSecond: (scheduled - unsent) / seconds,
    served: total,
    turnedAway,
    unanswered: scheduled - unsent - total - turnedAway,
  };
}

/**
 * Whether the victim was served well enough.
 *
 * @param {Duel} duel
 */
export function isMet({ bar, victim }) {
  return victim.share >= bar.share && victim.p99Ms <= bar.p99Ms;
}
