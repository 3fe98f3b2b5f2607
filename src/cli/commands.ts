import type { AnyCommand, Command } from './command.ts';

/** yargs hands the options over without their type; the row's own builder vouches for it. */
function row<Options>(command: Command<Options>): AnyCommand {
  return command as unknown as AnyCommand;
}

/**
 * Every command, in the order of the help. A new one is a row here and a file beside this one. Each is loaded when it
 * is asked for: one that asks a daemon how it is should not wait for what reads configurations.
 */
export const COMMANDS: Readonly<Record<string, () => Promise<AnyCommand>>> = {
  run: async () => row((await import('./run.ts')).runCommand),
  serve: async () => row((await import('./serve.ts')).serveCommand),
  check: async () => row((await import('./check.ts')).checkCommand),
  convert: async () => row((await import('./convert.ts')).convertCommand),
  'update-inetd': async () => row((await import('./update-inetd.ts')).updateInetdCommand),
  explain: async () => row((await import('./explain.ts')).explainCommand),
  audit: async () => row((await import('./audit.ts')).auditCommand),
  status: async () => row((await import('./status.ts')).statusCommand),
  top: async () => row((await import('./top.ts')).topCommand),
  reload: async () => row((await import('./reload.ts')).reloadCommand),
  enable: async () => row((await import('./enable.ts')).enableCommand),
  disable: async () => row((await import('./disable.ts')).disableCommand),
  drain: async () => row((await import('./drain.ts')).drainCommand),
  connections: async () => row((await import('./connections.ts')).connectionsCommand),
  kill: async () => row((await import('./kill.ts')).killCommand),
  bans: async () => row((await import('./bans.ts')).bansCommand),
  ban: async () => row((await import('./ban.ts')).banCommand),
  unban: async () => row((await import('./unban.ts')).unbanCommand),
  logs: async () => row((await import('./logs.ts')).logsCommand),
  health: async () => row((await import('./health.ts')).healthCommand),
  upgrade: async () => row((await import('./upgrade.ts')).upgradeCommand),
  stop: async () => row((await import('./stop.ts')).stopCommand),
  completion: async () => row((await import('./completion.ts')).completionCommand),
  schema: async () => row((await import('./schema.ts')).schemaCommand),
};

/** All of them, for the help and for those who write about them. */
export function loadCommands(): Promise<readonly AnyCommand[]> {
  return Promise.all(Object.values(COMMANDS).map((load) => load()));
}
