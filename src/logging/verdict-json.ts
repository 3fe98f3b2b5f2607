import type { CheckOutcome, Refusal } from '../model/verdict.ts';
import type { JsonObject } from './json-object.ts';
import { FULL_VIEW, type RecordView } from './record-view.ts';
import { tellOutcome } from './told-outcome.ts';

type Openness = Pick<RecordView, 'isOpen'>;

function outcomeOf(outcome: CheckOutcome, view: Openness): JsonObject {
  const { check, passed, count, limit, perMs, retryMs } = outcome;
  const { detail, note, rule } = tellOutcome(outcome, view);
  return {
    name: check,
    passed,
    detail,
    ...{ count, limit, per_ms: perMs, note },
    retry_ms: retryMs === undefined || !Number.isFinite(retryMs) ? undefined : Math.ceil(retryMs),
    rule: rule && { ...rule },
  };
}

/** The checks that were asked, in order. */
export function traceOf(trace: readonly CheckOutcome[], view: Openness = FULL_VIEW): readonly JsonObject[] {
  return trace.map((outcome) => outcomeOf(outcome, view));
}

/** A refusal as it stands in a record and in what `explain --json` prints; `check` is the one that refused. */
export function refusalOf({ reason, policy, trace }: Refusal, view: Openness = FULL_VIEW): JsonObject {
  const checks = traceOf(trace, view);
  return { reason, policy: policy.kind, check: checks.at(-1), trace: checks };
}
