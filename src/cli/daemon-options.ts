import { resolve } from 'node:path';
import type { Argv } from 'yargs';
import { UsageError } from '../model/errors.ts';
import { parseDurationMs } from '../model/quantity.ts';
import type { ControlPlace } from './facts.ts';

/** Within the ten seconds that container engines allow by default between TERM and KILL. */
const DEFAULT_GRACE = '8s';

/** Where the dispatcher keeps its state, and whether it is an error that it cannot. */
export interface StateDirectory {
  readonly path: string;
  readonly required: boolean;
}

export interface CommonOptions {
  readonly 'log-format': 'text' | 'json';
  readonly grace: string;
  readonly 'state-dir': string | undefined;
  readonly control: string | undefined;
  readonly 'pid-file': string | undefined;
  readonly spawner: string | undefined;
}

/** The options that `run` and `serve` share. */
export function addDaemonOptions<T>(yargs: Argv<T>): Argv<T & CommonOptions> {
  return yargs
    .option('log-format', {
      choices: ['text', 'json'] as const,
      default: 'text' as const,
      requiresArg: true,
      describe: 'The log on standard output',
    })
    .option('grace', {
      type: 'string',
      requiresArg: true,
      default: DEFAULT_GRACE,
      describe: 'How long handlers may go on after TERM',
    })
    .option('state-dir', {
      type: 'string',
      requiresArg: true,
      describe: 'Where bans outlast a restart; made if missing',
    })
    .option('control', {
      type: 'string',
      requiresArg: true,
      describe: 'The socket that status, reload and others talk to, or none',
    })
    .option('pid-file', {
      type: 'string',
      requiresArg: true,
      describe: 'A file that has the pid while zinetd runs',
    })
    .option('spawner', { type: 'string', requiresArg: true, hidden: true }) as Argv<T & CommonOptions>;
}

/** Relative to where zinetd was started: the daemon's working directory is the root. */
export function stateDirectory(options: CommonOptions): StateDirectory | undefined {
  const path = options['state-dir'];
  return path === undefined ? undefined : { path: resolve(path), required: true };
}

function pidFilePath({ 'pid-file': path }: CommonOptions): string | undefined {
  return path === undefined ? undefined : resolve(path);
}

/** What the spawner can count in milliseconds: 24 days. */
const MOST_GRACE_MS = 2 ** 31 - 1;

function graceMs({ grace }: CommonOptions): number {
  const durationMs = parseDurationMs(grace);
  if (durationMs === undefined) {
    throw new UsageError(`Cannot use "${grace}" for --grace: write a time such as "10s"`);
  }
  if (durationMs > MOST_GRACE_MS)
    throw new UsageError(`Cannot use "${grace}" for --grace: 24 days at the most`);
  return durationMs;
}

/** `none` for none; relative to where zinetd was started. */
export function controlPlace(
  { control }: CommonOptions,
  standard: string | undefined,
): ControlPlace | undefined {
  if (control === 'none') return undefined;
  if (control !== undefined) return { path: resolve(control), required: true };
  return standard === undefined ? undefined : { path: standard, required: false };
}

/** What means the same to both of them. */
export function commonOptions(options: CommonOptions): {
  readonly logFormat: 'text' | 'json';
  readonly graceMs: number;
  readonly pidFile: string | undefined;
  readonly spawner: string | undefined;
} {
  return {
    logFormat: options['log-format'],
    graceMs: graceMs(options),
    pidFile: pidFilePath(options),
    spawner: options.spawner,
  };
}
