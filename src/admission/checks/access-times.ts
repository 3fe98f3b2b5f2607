import type { Check } from '../check.ts';

/** The service is open at certain times only. */
export const accessTimesCheck: Check = {
  name: 'access_times',
  reason: 'time',
  applies: ({ times }) => times !== undefined,
  check: ({ service: { times }, facts: { wallMs } }) => {
    const passed = times?.isOpen(wallMs) ?? true;
    const opensAtMs = passed ? undefined : times?.opensAtMs(wallMs);
    const retryMs = opensAtMs === undefined ? undefined : opensAtMs - wallMs;
    return { outcome: { check: 'access_times', passed, retryMs } };
  },
};
