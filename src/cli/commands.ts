import { banCommand } from './ban.ts';
import { bansCommand } from './bans.ts';
import { checkCommand } from './check.ts';
import type { AnyCommand, Command } from './command.ts';
import { connectionsCommand } from './connections.ts';
import { convertCommand } from './convert.ts';
import { disableCommand } from './disable.ts';
import { drainCommand } from './drain.ts';
import { enableCommand } from './enable.ts';
import { explainCommand } from './explain.ts';
import { healthCommand } from './health.ts';
import { killCommand } from './kill.ts';
import { logsCommand } from './logs.ts';
import { reloadCommand } from './reload.ts';
import { runCommand } from './run.ts';
import { schemaCommand } from './schema.ts';
import { serveCommand } from './serve.ts';
import { statusCommand } from './status.ts';
import { stopCommand } from './stop.ts';
import { topCommand } from './top.ts';
import { unbanCommand } from './unban.ts';
import { upgradeCommand } from './upgrade.ts';

/** yargs hands the options over without their type; the row's own builder vouches for it. */
function row<Options>(command: Command<Options>): AnyCommand {
  return command as unknown as AnyCommand;
}

/** Every command, in the order of the help. A new one is a row here and a file beside this one. */
export const COMMANDS: readonly AnyCommand[] = [
  row(runCommand),
  row(serveCommand),
  row(checkCommand),
  row(convertCommand),
  row(explainCommand),
  row(statusCommand),
  row(topCommand),
  row(reloadCommand),
  row(enableCommand),
  row(disableCommand),
  row(drainCommand),
  row(connectionsCommand),
  row(killCommand),
  row(bansCommand),
  row(banCommand),
  row(unbanCommand),
  row(logsCommand),
  row(healthCommand),
  row(upgradeCommand),
  row(stopCommand),
  row(schemaCommand),
];
