import type { Check } from '../check.ts';
import { retryAfterMs } from '../gcra.ts';

/** How often one source may come. */
export const ratePerSourceCheck: Check = {
  name: 'rate_per_source',
  reason: 'per_source_rate',
  applies: ({ ratePerSource }) => ratePerSource !== undefined,
  check: ({ service: { ratePerSource, policy }, facts: { sourceArrival: arrival, nowMs: now } }) => {
    const retryMs = ratePerSource ? retryAfterMs(ratePerSource, { arrival, now }) : 0;
    const { count: limit, perMs } = policy.ratePerSource ?? {};
    return { outcome: { check: 'rate_per_source', passed: retryMs === 0, limit, perMs, retryMs } };
  },
};
