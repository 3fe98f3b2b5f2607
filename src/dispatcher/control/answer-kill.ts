import type { Call } from '../../control/call.ts';
import type { ControlParts } from './control-parts.ts';

/**
 * Ends one connection. All processes of its handler's group get TERM, and KILL five seconds later, or KILL at once; what
 * zinetd serves itself is closed.
 */
export function answerKill({ floor }: ControlParts, call: Call<'kill'>): void {
  const { children, lives, link } = floor();
  const { connection: id, signal } = call.params;
  if (!lives.end(id, 'killed')) {
    call.error('not-found', `Cannot end connection ${id}: no such connection`);
    return;
  }
  const handler = children.handlerOf(id);
  if (handler && signal === 'KILL') link.send({ type: 'signal', slot: handler.slot, signal });
  call.result({});
}
