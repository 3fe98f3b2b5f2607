import { resolve } from 'node:path';
import type { Argv } from 'yargs';
import type { Command } from './command.ts';
import { addDaemonOptions, type CommonOptions, graceMs, stateDirectory } from './daemon-options.ts';
import { defaultConfigPath, defaultStateDirectory } from './default-path.ts';
import { startDaemon } from './start-daemon.ts';

interface RunOptions extends CommonOptions {
  readonly config: string;
}

function builder(yargs: Argv): Argv<RunOptions> {
  return addDaemonOptions(yargs).option('config', {
    alias: 'c',
    type: 'string',
    requiresArg: true,
    default: defaultConfigPath(process.getuid?.() ?? 0, process.env),
    describe: 'The configuration file',
  });
}

async function run(options: RunOptions): Promise<number> {
  return startDaemon({
    // The daemon's working directory is the root.
    source: { path: resolve(options.config) },
    logFormat: options['log-format'],
    graceMs: graceMs(options),
    state: stateDirectory(options) ?? {
      path: defaultStateDirectory(process.getuid?.() ?? 0, process.env),
      required: false,
    },
    spawner: options.spawner,
  });
}

export const runCommand: Command<RunOptions> = {
  usage: 'run',
  describe: 'Serve, in the foreground, until TERM',
  builder,
  run,
};
