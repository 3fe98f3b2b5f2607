import type { BanSlot, SavedBan } from '../admission/ban-slot.ts';
import { remainingMs } from '../admission/ban-state.ts';
import type { BanTable } from '../admission/ban-table.ts';
import type { World } from './world.ts';

/** What became of the bans of a slot; together they are all of them. */
export interface RestoredBans {
  readonly count: number;
  readonly expired: number;
  /** There was no room: the table is smaller than the one that they come from. */
  readonly leftOut: number;
}

export interface RestoreOptions {
  readonly slot: BanSlot;
  readonly world: Pick<World, 'nowMs' | 'wallMs'>;
  /** The index of the service with this tag. */
  readonly serviceOf: (tag: bigint) => number;
}

/** When there is not room for all: the operator's first, then those that last longest. */
function byImportance(one: SavedBan, other: SavedBan): number {
  if (one.byOperator !== other.byOperator) return one.byOperator ? -1 : 1;
  // Not a difference: Infinity minus Infinity is none.
  if (one.expiresAtMs === other.expiresAtMs) return 0;
  return one.expiresAtMs > other.expiresAtMs ? -1 : 1;
}

/** Puts bans of an earlier dispatcher into an empty table, with the time that they have left (S62, S90). */
export function restoreBans(table: BanTable, { slot, world, serviceOf }: RestoreOptions): RestoredBans {
  const clocks = { writtenAtMs: slot.writtenAtMs, nowMs: world.wallMs() };
  const now = world.nowMs();
  const outcome = { count: 0, expired: 0, leftOut: 0 };
  for (const saved of slot.bans.toSorted(byImportance)) {
    const leftMs = remainingMs(saved, clocks);
    const { key, reason, byOperator, count } = saved;
    const service = serviceOf(saved.service);
    if (leftMs === 0) outcome.expired++;
    else if (table.ban(key, { until: now + leftMs, now, reason, service, byOperator, count }))
      outcome.count++;
    else outcome.leftOut++;
  }
  return outcome;
}
