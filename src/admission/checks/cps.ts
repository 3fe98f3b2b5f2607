import type { Check } from '../check.ts';
import { retryAfterMs } from '../gcra.ts';

/** How often all sources together may come. */
export const cpsCheck: Check = {
  name: 'cps',
  reason: 'connections_per_second',
  applies: ({ cps }) => cps !== undefined,
  check: ({ service: { cps, policy }, facts: { serviceArrival: arrival, nowMs: now } }) => {
    const retryMs = cps ? retryAfterMs(cps, { arrival, now }) : 0;
    return {
      outcome: {
        check: 'cps',
        passed: retryMs === 0,
        limit: policy.cps?.count,
        perMs: policy.cps?.perMs,
        retryMs,
      },
    };
  },
};
