import type { Call } from '../../control/call.ts';
import type { ControlParts } from './control-parts.ts';

/** As TERM does. The connection ends when this process does. */
export function answerStop({ floor, state }: ControlParts, call: Call<'stop'>): void {
  if (state.phase.current !== 'stopping') floor().link.send({ type: 'stop' });
  call.result({});
}
