import type { Cap } from '../model/cap.ts';
import type { ServicePolicy } from '../model/policy.ts';
import { type AccessClock, accessClock } from './access-times.ts';
import { type RateLimit, rateLimit } from './gcra.ts';
import { mostByName } from './match-list.ts';

/** A service with what can be worked out once for each policy. */
export interface PreparedService {
  readonly policy: ServicePolicy;
  readonly maxProcesses: Cap | undefined;
  readonly times: AccessClock | undefined;
  /** How specific the rules by name of each list are at the most: asked for every connection. */
  readonly byName: { readonly onlyFrom: number; readonly noAccess: number };
  readonly ratePerSource: RateLimit | undefined;
  readonly cps: RateLimit | undefined;
}

export function prepareService(policy: ServicePolicy, maxProcesses: Cap | undefined): PreparedService {
  const { access, times, ratePerSource, cps } = policy;
  return {
    policy,
    maxProcesses,
    times: times && accessClock(times),
    byName: { onlyFrom: mostByName(access?.onlyFrom), noAccess: mostByName(access?.noAccess) },
    ratePerSource: ratePerSource && rateLimit(ratePerSource),
    cps: cps && rateLimit(cps),
  };
}
