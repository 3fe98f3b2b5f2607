import type { Handlers } from '../../control/call.ts';
import { answerBan } from './answer-ban.ts';
import { answerBans } from './answer-bans.ts';
import { answerConnections } from './answer-connections.ts';
import { answerDisable } from './answer-disable.ts';
import { answerDrain } from './answer-drain.ts';
import { answerEnable } from './answer-enable.ts';
import { answerExplain } from './answer-explain.ts';
import { answerKill } from './answer-kill.ts';
import { answerLogs } from './answer-logs.ts';
import { answerPing } from './answer-ping.ts';
import { answerReload } from './answer-reload.ts';
import { answerStatus } from './answer-status.ts';
import { answerStop } from './answer-stop.ts';
import { answerUnban } from './answer-unban.ts';
import { answerUpgrade } from './answer-upgrade.ts';
import type { ControlParts } from './control-parts.ts';

/** Every method that control/protocol.ts has, with the one who carries it out. */
export function controlHandlers(parts: ControlParts): Handlers {
  return {
    ping: (call) => answerPing(parts, call),
    status: (call) => answerStatus(parts, call),
    connections: (call) => answerConnections(parts, call),
    bans: (call) => answerBans(parts, call),
    explain: (call) => answerExplain(parts, call),
    logs: (call) => answerLogs(parts, call),
    reload: (call) => answerReload(parts, call),
    enable: (call) => answerEnable(parts, call),
    disable: (call) => answerDisable(parts, call),
    drain: (call) => answerDrain(parts, call),
    ban: (call) => answerBan(parts, call),
    unban: (call) => answerUnban(parts, call),
    kill: (call) => answerKill(parts, call),
    stop: (call) => answerStop(parts, call),
    upgrade: (call) => answerUpgrade(parts, call),
  };
}
