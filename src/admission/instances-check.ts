import type { Check } from './check.ts';

/** At most so many handlers of a service at once. */
export const instancesCheck: Check = {
  name: 'instances',
  reason: 'service_limit',
  check: (policy, facts) => ({
    check: 'instances',
    passed: facts.running < policy.instances,
    detail: `${facts.running} of ${policy.instances} running`,
  }),
};
