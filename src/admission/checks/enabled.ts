import type { Check } from '../check.ts';

/** The operator has disabled the service. Of one that is enabled there is nothing to say. */
export const enabledCheck: Check = {
  name: 'enabled',
  reason: 'disabled',
  applies: () => true,
  check: ({ facts: { isEnabled } }) =>
    isEnabled ? undefined : { outcome: { check: 'enabled', passed: false } },
};
