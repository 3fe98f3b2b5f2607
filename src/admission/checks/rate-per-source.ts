import type { Check } from '../check.ts';
import { checkRate } from './rate.ts';

/** How often one source may come. */
export const ratePerSourceCheck: Check = {
  name: 'rate_per_source',
  reason: 'per_source_rate',
  applies: ({ ratePerSource }) => ratePerSource !== undefined,
  check: ({ service: { ratePerSource, policy }, facts: { sourceArrival: arrival, nowMs: now } }) => {
    const figures = { rate: policy.ratePerSource, moment: { arrival, now } };
    return { outcome: { check: 'rate_per_source', ...checkRate(ratePerSource, figures) } };
  },
};
