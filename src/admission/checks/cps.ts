import type { Check } from '../check.ts';
import { checkRate } from './rate.ts';

/** How often all sources together may come. */
export const cpsCheck: Check = {
  name: 'cps',
  reason: 'connections_per_second',
  applies: ({ cps }) => cps !== undefined,
  check: ({ service: { cps, policy }, facts: { serviceArrival: arrival, nowMs: now } }) => {
    const figures = { rate: policy.cps, moment: { arrival, now } };
    return { outcome: { check: 'cps', ...checkRate(cps, figures) } };
  },
};
