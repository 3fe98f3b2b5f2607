import type { ListenerStatus, ServiceStatus, ServiceState as StateWord } from '../../control/messages.ts';
import { listenerWord } from '../../events/listener-word.ts';
import type { ListenerState, ServiceState } from '../../events/service-state.ts';
import { describePause } from '../../logging/describe-pause.ts';
import { refusedWords } from '../../logging/refused-words.ts';
import { describeListen } from '../../model/listen-address.ts';
import type { PauseReason } from '../../model/pause-reason.ts';
import type { NamedState } from '../gather-state.ts';

/** With these a listener does what it is there for. */
const AT_WORK: ReadonlySet<PauseReason> = new Set<PauseReason>(['busy', 'asking', 'opening']);

/** What there is to say of it in a word, and what else of that. */
type Said = Pick<ServiceStatus, 'state' | 'why' | 'forMs'>;

function hindrancesOf({ pauses }: ListenerState): readonly PauseReason[] {
  return pauses.filter((pause) => !AT_WORK.has(pause));
}

function describeClosed({ local, code }: ListenerState): string {
  return `${describeListen(local)} is not open${code === undefined ? '' : `: ${code}`}`;
}

function say(state: StateWord, why: readonly string[]): Said {
  return why.length === 0 ? { state } : { state, why: [...new Set(why)].join(', ') };
}

function sayOf({ standing, suspension, listeners }: ServiceState): Said {
  if (standing !== 'enabled') return { state: standing };
  const open = listeners.filter(({ isOpen }) => isOpen);
  const closed = listeners.filter(({ isOpen }) => !isOpen).map(describeClosed);
  if (suspension) return { ...say('suspended', [suspension.reason]), forMs: Math.ceil(suspension.forMs) };
  if (open.length === 0) return say(closed.length > 0 ? 'failed' : 'serving', closed);
  const isPaused = open.every((listener) => hindrancesOf(listener).length > 0);
  const pauses = open.flatMap(hindrancesOf).map(describePause);
  return say(isPaused ? 'paused' : 'serving', [...pauses, ...closed]);
}

function listenerOf(listener: ListenerState): ListenerStatus {
  const { local, pauses, code } = listener;
  return { at: describeListen(local), state: listenerWord(listener), pauses, code };
}

/** One service as `status` tells of it. */
export function serviceStatus({ name, state, cgroup }: NamedState): ServiceStatus {
  const { running, starting, instances, counts, listeners } = state;
  const { started, failed, ended, refused } = counts;
  return {
    ...{ name, ...sayOf(state), running, starting },
    instances: Number.isFinite(instances) ? instances : null,
    counts: { started, failed, ended, refused, refusedFor: refusedWords(counts) },
    listeners: listeners.map(listenerOf),
    cgroup,
  };
}
