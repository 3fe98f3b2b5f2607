import { inject } from 'vitest';
import { stateDirectory } from './state-directory.ts';
import { type ZinetdCommandOptions, zinetdCommand } from './zinetd-command.ts';

interface RunOptions extends ZinetdCommandOptions {
  /** Arguments of `run`; unless they have one, it gets a `--state-dir` of its own. */
  readonly args?: readonly string[] | undefined;
  /** No state directory is named: there is none, or what a user has. */
  readonly stateless?: boolean | undefined;
}

/** The command line of `zinetd run` as the tests start it: with a log of JSON, and a spawner and state of theirs. */
export function runCommand(options: RunOptions): readonly string[] {
  const spawner = inject('spawner');
  const { as, args = [], stateless = false } = options;
  return [
    ...[...zinetdCommand(options), 'run', '--log-format', 'json'],
    ...(spawner === undefined ? [] : ['--spawner', spawner]),
    ...(args.includes('--control') ? [] : ['--control', 'none']),
    ...(stateless || args.includes('--state-dir') ? [] : ['--state-dir', stateDirectory(as)]),
    ...args,
  ];
}
