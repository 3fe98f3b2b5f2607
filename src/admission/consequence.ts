import type { ServicePolicy } from '../model/policy.ts';
import type { Refusal } from '../model/verdict.ts';
import type { PenaltyOutcome } from './penalty.ts';

/** What else follows from a refusal, as data: the decision itself changes nothing. */
export interface Consequence {
  /** The service accepts nothing for this long. */
  readonly suspendMs?: number;
  /** The source is banned for this long; Infinity for ever. */
  readonly banMs?: number;
  /** The source has done something that `penalties` may have a price for. */
  readonly outcome?: PenaltyOutcome;
}

/** Pure. A sensor that only watches (`deny_time: never`) bans nobody. */
export function consequenceOf(service: ServicePolicy, refusal: Refusal): Consequence {
  switch (refusal.reason) {
    case 'sensor':
      return service.sensor && service.sensor.denyMs > 0 ? { banMs: service.sensor.denyMs } : {};
    case 'address':
    case 'libwrap':
    case 'certificate':
      return { outcome: 'refused' };
    case 'per_source_rate':
      return { outcome: 'too_fast' };
    default:
      return refusal.policy.kind === 'suspend' ? { suspendMs: refusal.policy.forMs } : {};
  }
}
