import type { Argv } from 'yargs';
import { UsageError } from '../model/errors.ts';
import { parseDurationMs } from '../model/quantity.ts';

/** Within the ten seconds that container engines allow by default between TERM and KILL. */
const DEFAULT_GRACE = '8s';

export interface CommonOptions {
  readonly 'log-format': 'text' | 'json';
  readonly grace: string;
  readonly spawner: string | undefined;
}

/** The options that `run` and `serve` share. */
export function addDaemonOptions<T>(yargs: Argv<T>): Argv<T & CommonOptions> {
  return yargs
    .option('log-format', {
      choices: ['text', 'json'] as const,
      default: 'text' as const,
      describe: 'The log on standard output',
    })
    .option('grace', {
      type: 'string',
      requiresArg: true,
      default: DEFAULT_GRACE,
      describe: 'How long handlers may go on after TERM',
    })
    .option('spawner', { type: 'string', requiresArg: true, hidden: true }) as Argv<T & CommonOptions>;
}

/** What the spawner can count in milliseconds: 24 days. */
const MOST_GRACE_MS = 2 ** 31 - 1;

export function graceMs({ grace }: CommonOptions): number {
  const durationMs = parseDurationMs(grace);
  if (durationMs === undefined) {
    throw new UsageError(`Cannot use "${grace}" for --grace: write a time such as "10s"`);
  }
  if (durationMs > MOST_GRACE_MS)
    throw new UsageError(`Cannot use "${grace}" for --grace: 24 days at the most`);
  return durationMs;
}
