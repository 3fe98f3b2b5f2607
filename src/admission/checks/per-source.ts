import type { Check } from '../check.ts';

/** How many handlers one source may have at once. */
export const perSourceCheck: Check = {
  name: 'per_source',
  reason: 'per_source_limit',
  applies: ({ policy }) => policy.perSource !== undefined,
  check: ({ service: { policy }, facts: { sourceRunning: count } }) => {
    const limit = policy.perSource ?? Number.POSITIVE_INFINITY;
    return { outcome: { check: 'per_source', passed: count < limit, count, limit } };
  },
};
