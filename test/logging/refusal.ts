import type { RefusalReason } from '../../src/model/refusal-reason.ts';
import type { CheckOutcome, Refusal } from '../../src/model/verdict.ts';

/** A refusal with the policy `reject`. */
export function refusal(reason: RefusalReason, trace: readonly CheckOutcome[] = []): Refusal {
  return { kind: 'refused', reason, policy: { kind: 'reject', text: undefined }, trace };
}
