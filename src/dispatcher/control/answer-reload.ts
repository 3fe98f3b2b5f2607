import type { Call } from '../../control/call.ts';
import type { ControlParts } from './control-parts.ts';

/** Reads the configuration anew, or tells what that would do. */
export function answerReload({ reloads }: ControlParts, call: Call<'reload'>): void {
  const { isDry = false } = call.params;
  void reloads.ask({ isDry }).then((result) => call.result(result));
}
