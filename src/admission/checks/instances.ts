import type { Check } from '../check.ts';
import { checkCap } from './cap.ts';

/** How many handlers the service may have at once. */
export const instancesCheck: Check = {
  name: 'instances',
  reason: 'service_limit',
  applies: () => true,
  check: ({ service: { policy }, facts: { running: count, roll } }) => ({
    outcome: { check: 'instances', ...checkCap(policy.instances, { count, roll }) },
  }),
};
