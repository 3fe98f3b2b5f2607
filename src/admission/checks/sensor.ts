import type { Check } from '../check.ts';

/** Nobody has any business here: who gets as far as this is banned. */
export const sensorCheck: Check = {
  name: 'sensor',
  reason: 'sensor',
  applies: ({ policy }) => policy.sensor !== undefined,
  check: ({ service: { policy } }) => ({
    outcome: { check: 'sensor', passed: false, retryMs: policy.sensor?.denyMs },
  }),
};
