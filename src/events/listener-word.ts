import type { ListenerState } from './service-state.ts';

export const LISTENER_WORDS = ['open', 'paused', 'failed'] as const;

/** A socket in a word: it accepts, it is not looked at for now, or it is not there. */
export function listenerWord({
  isOpen,
  pauses,
}: Pick<ListenerState, 'isOpen' | 'pauses'>): (typeof LISTENER_WORDS)[number] {
  if (!isOpen) return 'failed';
  return pauses.length > 0 ? 'paused' : 'open';
}
