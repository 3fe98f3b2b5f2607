import { MOST_DECIDERS } from '../model/decision.ts';
import { childrenOfPool } from '../model/pool-policy.ts';
import type { Service } from '../model/service.ts';

/** The largest number that the table can hold. */
const UNBOUNDED = 0xffff_ffff;

/**
 * Handlers, and the programs that are asked about clients: the dispatcher holds the two apart. A service that waits
 * has one handler for each of its listeners, and one that is relayed its daemon at the most.
 */
export function childrenOf({ rules, isWaiting, listeners, redirect, pool }: Service): number {
  if (redirect?.idleStopMs !== undefined) return 1;
  if (isWaiting) return Math.max(listeners.length, 1);
  const isAsking = rules.decide !== undefined && 'variant' in rules.decide.asks;
  const handlers = pool ? childrenOfPool(pool) : rules.instances.hard;
  const most = handlers + (isAsking ? MOST_DECIDERS : 0);
  return Math.min(most, UNBOUNDED);
}
