import type { ListenerState, ServiceState } from '../events/service-state.ts';
import type { JsonObject } from './json-object.ts';
import { localOf } from './json-place.ts';
import { refusedWords } from './refused-words.ts';

function listenerOf({ local, isOpen, pauses, code }: ListenerState): JsonObject {
  return { ...localOf(local), accepts: isOpen && pauses.length === 0, pauses, error: code };
}

/** What a service is doing. */
export function stateOf({ counts, suspension, listeners, ...state }: ServiceState): JsonObject {
  return {
    standing: state.standing,
    ...{ running: state.running, starting: state.starting },
    instances: Number.isFinite(state.instances) ? state.instances : undefined,
    ...{ started: counts.started, failed: counts.failed, ended: counts.ended, refused: counts.refused },
    refused_for: refusedWords(counts),
    suspended: suspension && { reason: suspension.reason, for_ms: Math.ceil(suspension.forMs) },
    listeners: listeners.map(listenerOf),
  };
}
