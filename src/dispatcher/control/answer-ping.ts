import type { Call } from '../../control/call.ts';
import type { ControlParts } from './control-parts.ts';

const WHY = { starting: 'it is starting', stopping: 'it is stopping' };

/** Whether it serves: what a health check asks. */
export function answerPing({ state }: ControlParts, call: Call<'ping'>): void {
  const phase = state.phase.current;
  call.result(phase === 'serving' ? { isReady: true } : { isReady: false, why: WHY[phase] });
}
