import type { Call, Handlers } from '../../control/call.ts';
import type { MethodName } from '../../control/messages.ts';
import { answerPing } from './answer-ping.ts';
import { answerStatus } from './answer-status.ts';
import type { ControlParts } from './control-parts.ts';

/** What is not there yet. */
function lacking(call: Call<MethodName>): void {
  call.error('failed', 'Cannot do this: it is not there yet');
}

/** Every method that control/protocol.ts has, with the one who carries it out. */
export function controlHandlers(parts: ControlParts): Handlers {
  return {
    ping: (call) => answerPing(parts, call),
    status: (call) => answerStatus(parts, call),
    connections: lacking,
    bans: lacking,
    explain: lacking,
    logs: lacking,
    reload: lacking,
    enable: lacking,
    disable: lacking,
    drain: lacking,
    ban: lacking,
    unban: lacking,
    kill: lacking,
    stop: lacking,
    upgrade: lacking,
  };
}
