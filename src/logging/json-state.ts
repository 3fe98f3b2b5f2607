import type { ListenerState, ServiceCounts, ServiceState } from '../events/service-state.ts';
import { REFUSAL_REASONS, REFUSAL_TEXTS } from '../model/refusal-reason.ts';
import type { JsonObject } from './json-object.ts';
import { localOf } from './json-place.ts';

function listenerOf({ local, isOpen, pauses, code }: ListenerState): JsonObject {
  return { ...localOf(local), accepts: isOpen && pauses.length === 0, pauses, error: code };
}

/** By the words of the records, those that there are. */
function wordsOf(refusedFor: ServiceCounts['refusedFor']): JsonObject {
  const counted = REFUSAL_REASONS.filter((reason) => refusedFor[reason] !== undefined);
  return Object.fromEntries(counted.map((reason) => [REFUSAL_TEXTS[reason], refusedFor[reason]]));
}

/** What a service is doing. */
export function stateOf({ counts, suspension, listeners, ...state }: ServiceState): JsonObject {
  return {
    standing: state.standing,
    ...{ running: state.running, starting: state.starting },
    instances: Number.isFinite(state.instances) ? state.instances : undefined,
    ...{ started: counts.started, failed: counts.failed, ended: counts.ended, refused: counts.refused },
    refused_for: wordsOf(counts.refusedFor),
    suspended: suspension && { reason: suspension.reason, for_ms: Math.ceil(suspension.forMs) },
    listeners: listeners.map(listenerOf),
  };
}
