import type { Check } from '../check.ts';

/** The machine has enough to do: its load average of one minute. */
export const maxLoadCheck: Check = {
  name: 'max_load',
  reason: 'load',
  applies: ({ policy }) => policy.maxLoad !== undefined,
  check: ({ service: { policy }, facts: { load } }) => {
    const limit = policy.maxLoad ?? Number.POSITIVE_INFINITY;
    return { outcome: { check: 'max_load', passed: load < limit, count: load, limit } };
  },
};
