import type { Call } from '../../control/call.ts';
import { describeUpgradeFailure } from '../../model/upgrade-failure.ts';
import type { ControlParts } from './control-parts.ts';

/** Answered once the new version was tried. The connection ends when this process does, and the next one has the socket. */
export function answerUpgrade({ upgrades, world }: ControlParts, call: Call<'upgrade'>): void {
  void upgrades.ask().then((result) => {
    if (result.kind === 'going') call.result({ from: world.version });
    else call.error('failed', `Cannot upgrade: ${describeUpgradeFailure(result.failure)}`);
  });
}
