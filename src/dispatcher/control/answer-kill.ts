import type { Call } from '../../control/call.ts';
import type { ControlParts } from './control-parts.ts';

/**
 * Ends one connection. All processes of its handler's group get TERM, and KILL after the grace of the service, or KILL at once; what
 * zinetd serves itself is closed.
 */
export function answerKill({ floor }: ControlParts, call: Call<'kill'>): void {
  const { connection: id, signal } = call.params;
  if (floor().lives.end(id, { why: 'killed', isAtOnce: signal === 'KILL' })) call.result({});
  else call.error('not-found', `Cannot end connection ${id}: no such connection`);
}
