import type { LimitPolicy } from '../model/limit-policy.ts';
import type { RefusalTemplate } from '../model/refusal-text.ts';
import type { CheckOutcome, Verdict } from '../model/verdict.ts';
import type { Check, Question, Ruling } from './check.ts';

/** A rule's own text stands in for that of the policy. */
function policyFor(
  check: Check,
  { question, text }: { question: Question; text: RefusalTemplate | undefined },
): LimitPolicy {
  const policy = question.service.policy.policies[check.name];
  return text !== undefined && policy.kind === 'reject' ? { ...policy, text } : policy;
}

/**
 * Decides about one connection; pure. The first check that says no, or that wants to know more, ends the walk.
 * `checks` are those that the service has (CHECKS, filtered by `applies`), in their order.
 */
export function admit(checks: readonly Check[], question: Question): Verdict {
  const trace: CheckOutcome[] = [];
  let chosen: Pick<Ruling, 'variant' | 'text'> = {};
  for (const check of checks) {
    const answer = check.check(question);
    if (!answer) continue;
    if ('need' in answer) return { kind: 'undecided', need: answer.need, trace };
    trace.push(answer.outcome);
    if (!answer.outcome.passed) {
      const policy = policyFor(check, { question, text: answer.text });
      return { kind: 'refused', reason: answer.reason ?? check.reason, policy, trace };
    }
    if (answer.variant !== undefined) chosen = answer;
  }
  return { kind: 'admitted', variant: chosen.variant ?? 0, text: chosen.text, trace };
}
