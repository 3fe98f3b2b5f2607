import { assertNever } from '../model/assert-never.ts';
import type { Penalties } from '../model/penalties.ts';

/** What a connection did that is worth a penalty. */
export type PenaltyOutcome =
  | 'crash'
  | 'refused'
  | 'too_fast'
  | 'time_limit'
  | { readonly exitStatus: number };

/** What a source has come to. */
export interface Penalty {
  /** Monotonic. */
  readonly until: number;
  readonly inForce: boolean;
}

export function penaltyMs(policy: Penalties, outcome: PenaltyOutcome): number {
  if (typeof outcome === 'object') {
    return policy.exitStatus.find(({ status }) => status === outcome.exitStatus)?.penaltyMs ?? 0;
  }
  switch (outcome) {
    case 'crash':
      return policy.crashMs;
    case 'refused':
      return policy.refusedMs;
    case 'too_fast':
      return policy.tooFastMs;
    case 'time_limit':
      return policy.timeLimitMs;
    default:
      return assertNever(outcome);
  }
}

/** A further penalty. */
export interface Addition {
  readonly addMs: number;
  readonly now: number;
  readonly limits: Pick<Penalties, 'thresholdMs' | 'maxMs'>;
}

/**
 * The penalty with one more added. It comes into force when at least the threshold lies ahead, and then stays so
 * until it has expired. What already lasts longer than the maximum, such as a ban by the operator, is not
 * shortened.
 */
export function addPenalty(before: Penalty | undefined, { addMs, now, limits }: Addition): Penalty {
  const old = before !== undefined && before.until > now ? before : { until: now, inForce: false };
  const until = Math.max(old.until, Math.min(old.until + addMs, now + limits.maxMs));
  const inForce = old.inForce || (addMs > 0 && until >= now + limits.thresholdMs);
  return { until, inForce };
}
