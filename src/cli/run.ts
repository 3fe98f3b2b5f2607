import { resolve } from 'node:path';
import type { Argv } from 'yargs';
import { chosenSource } from './chosen-source.ts';
import type { Command } from './command.ts';
import {
  addDaemonOptions,
  type CommonOptions,
  commonOptions,
  controlPlace,
  stateDirectory,
} from './daemon-options.ts';
import { defaultControlPath, defaultStateDirectory } from './default-path.ts';
import { addFormatOptions, type FormatOptions } from './format-options.ts';
import { startDaemon } from './start-daemon.ts';

type RunOptions = CommonOptions & FormatOptions;

function builder(yargs: Argv): Argv<RunOptions> {
  return addFormatOptions(addDaemonOptions(yargs)) as unknown as Argv<RunOptions>;
}

async function run(options: RunOptions): Promise<number> {
  return startDaemon({
    // The daemon's working directory is the root.
    source: chosenSource(options, (path) => resolve(path)),
    ...commonOptions(options),
    state: stateDirectory(options) ?? {
      path: defaultStateDirectory(process.getuid?.() ?? 0, process.env),
      required: false,
    },
    control: controlPlace(options, defaultControlPath(process.getuid?.() ?? 0, process.env)),
  });
}

export const runCommand: Command<RunOptions> = {
  usage: 'run',
  repeatable: ['config', 'c'],
  describe: 'Serve, in the foreground, until TERM',
  builder,
  run,
};
