import { checkCommand } from './check.ts';
import type { AnyCommand, Command } from './command.ts';
import { convertCommand } from './convert.ts';
import { explainCommand } from './explain.ts';
import { runCommand } from './run.ts';
import { schemaCommand } from './schema.ts';
import { serveCommand } from './serve.ts';

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
  row(schemaCommand),
];
