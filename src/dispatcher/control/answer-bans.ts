import type { Ban } from '../../admission/ban-table.ts';
import { describeSource } from '../../admission/describe-source.ts';
import type { Call } from '../../control/call.ts';
import type { BanStatus } from '../../control/messages.ts';
import { BAN_REASONS } from '../../model/ban-reason.ts';
import type { ControlParts } from './control-parts.ts';

const MOST_LISTED = 1000;

function* first(bans: Iterable<Ban>, most: number): Generator<Ban, void, undefined> {
  let count = 0;
  for (const ban of bans) {
    if (!ban.inForce) continue;
    if (count++ === most) return;
    yield ban;
  }
}

/** Who is banned, and how long, those first who are free soonest. */
export function answerBans({ floor, world }: ControlParts, call: Call<'bans'>): void {
  const { bans } = floor();
  const nowMs = world.nowMs();
  const statusOf = (ban: Ban): BanStatus => ({
    source: describeSource(ban.key, bans.prefixes),
    reason: BAN_REASONS[ban.reason] ?? 'operator',
    forMs: ban.until === Number.POSITIVE_INFINITY ? null : Math.ceil(ban.until - nowMs),
  });
  const listed = [...first(bans.table.entries(nowMs), MOST_LISTED)].toSorted((one, other) =>
    one.until === other.until ? 0 : one.until - other.until,
  );
  const more = Math.max(0, bans.table.countInForce(nowMs) - listed.length);
  call.result({ bans: listed.map(statusOf), more });
}
