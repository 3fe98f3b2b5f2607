import type { ServiceCounts } from '../events/service-state.ts';
import { REFUSAL_REASONS, REFUSAL_TEXTS } from '../model/refusal-reason.ts';

/** How many were refused, by the words of the records; those that there are. */
export function refusedWords({
  refusedFor,
}: Pick<ServiceCounts, 'refusedFor'>): Readonly<Record<string, number>> {
  const counted = REFUSAL_REASONS.map((reason) => [REFUSAL_TEXTS[reason], refusedFor[reason] ?? 0] as const);
  return Object.fromEntries(counted.filter(([, count]) => count > 0));
}
