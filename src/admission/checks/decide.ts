import type { Answer, Check } from '../check.ts';

/** What somebody of the operator's says; asked last, and with a deadline. */
export const decideCheck: Check = {
  name: 'decide',
  reason: 'decision',
  applies: ({ policy }) => policy.decide !== undefined,
  check: ({ service: { policy }, facts: { decision } }): Answer => {
    switch (decision.kind) {
      case 'pending':
        return { need: 'decision' };
      case 'allowed':
      case 'denied':
        return {
          outcome: { check: 'decide', passed: decision.kind === 'allowed', note: decision.reason },
        };
      case 'undecided':
        return {
          outcome: { check: 'decide', passed: policy.decide?.onFailure === 'allow', note: decision.why },
        };
    }
  },
};
