import type { Call, Handlers } from '../../control/call.ts';
import type { MethodName } from '../../control/messages.ts';
import { answerBan } from './answer-ban.ts';
import { answerBans } from './answer-bans.ts';
import { answerConnections } from './answer-connections.ts';
import { answerKill } from './answer-kill.ts';
import { answerPing } from './answer-ping.ts';
import { answerStatus } from './answer-status.ts';
import { answerStop } from './answer-stop.ts';
import { answerUnban } from './answer-unban.ts';
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
    connections: (call) => answerConnections(parts, call),
    bans: (call) => answerBans(parts, call),
    explain: lacking,
    logs: lacking,
    reload: lacking,
    enable: lacking,
    disable: lacking,
    drain: lacking,
    ban: (call) => answerBan(parts, call),
    unban: (call) => answerUnban(parts, call),
    kill: (call) => answerKill(parts, call),
    stop: (call) => answerStop(parts, call),
    upgrade: lacking,
  };
}
