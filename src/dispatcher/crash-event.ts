import type { DaemonEvent } from '../events/event.ts';

const MOST_CHARACTERS = 500;

/** Where in our code: the first line of the stack that says one, without the directories ahead of it. */
function placeOf(stack: string): string | undefined {
  return /^ +at .*?((?:dist|src)\/[^)\s]+:\d+:\d+)/m.exec(stack)?.[1];
}

/** What there is to say of an exception that nobody expected; it may be anything. */
export function crashEvent(thrown: unknown): DaemonEvent {
  const error = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : typeof thrown;
  const at = thrown instanceof Error ? placeOf(thrown.stack ?? '') : undefined;
  return { type: 'dispatcher-crashed', error: error.slice(0, MOST_CHARACTERS), at };
}
