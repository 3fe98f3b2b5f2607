import type { Check } from '../check.ts';

/** The source has been banned, by a sensor, by its penalties or by the operator. */
export const banCheck: Check = {
  name: 'ban',
  reason: 'banned',
  applies: () => true,
  check: ({ facts: { ban } }) => ({
    outcome: { check: 'ban', passed: ban === undefined, retryMs: ban?.remainingMs, note: ban?.reason },
  }),
};
