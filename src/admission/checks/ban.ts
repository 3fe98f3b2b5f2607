import type { Check, Ruling } from '../check.ts';

const NOT_BANNED: Ruling = { outcome: { check: 'ban', passed: true, retryMs: undefined, note: undefined } };

/** The source has been banned, by a sensor, by its penalties or by the operator. */
export const banCheck: Check = {
  name: 'ban',
  reason: 'banned',
  applies: () => true,
  check: ({ facts: { ban } }) =>
    ban
      ? { outcome: { check: 'ban', passed: false, retryMs: ban.remainingMs, note: ban.reason } }
      : NOT_BANNED,
};
