import { FAILURE_REASONS, type FailureReason } from './failure-reason.ts';
import { REFUSAL_REASONS, type RefusalReason } from './refusal-reason.ts';

/** What is told of many clients together where there are too many: refusals, and what failed. */
export type ToldReason = RefusalReason | FailureReason;

/** So that a reason can be kept as a number. */
export const TOLD_REASONS: readonly ToldReason[] = [...REFUSAL_REASONS, ...FAILURE_REASONS];
