import { describeOutcome } from '../model/describe-outcome.ts';
import type { CheckOutcome, Refusal } from '../model/verdict.ts';
import type { JsonObject } from './json-object.ts';

function outcomeOf(outcome: CheckOutcome): JsonObject {
  const { check, passed, count, limit, perMs, retryMs, note, rule } = outcome;
  return {
    name: check,
    passed,
    detail: describeOutcome(outcome),
    ...{ count, limit, per_ms: perMs, note },
    retry_ms: retryMs === undefined || !Number.isFinite(retryMs) ? undefined : Math.ceil(retryMs),
    rule: rule && { text: rule.text, file: rule.file, line: rule.line },
  };
}

/** The checks that were asked, in order. */
export function traceOf(trace: readonly CheckOutcome[]): readonly JsonObject[] {
  return trace.map(outcomeOf);
}

/** A refusal as it stands in a record and in what `explain --json` prints; `check` is the one that refused. */
export function refusalOf({ reason, policy, trace }: Refusal): JsonObject {
  const checks = traceOf(trace);
  return { reason, policy: policy.kind, check: checks.at(-1), trace: checks };
}
