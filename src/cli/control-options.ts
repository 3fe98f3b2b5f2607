import { resolve } from 'node:path';
import type { Argv } from 'yargs';
import { quote } from '../config/quote.ts';
import { UsageError } from '../model/errors.ts';
import { defaultControlPath } from './default-path.ts';

export interface ControlOptions {
  readonly control: string | undefined;
}

/** What a sockaddr_un holds, without the NUL behind it; a longer path would be cut (S114). */
const MOST_PATH_BYTES = 107;

function standardPath(): string | undefined {
  return defaultControlPath(process.getuid?.() ?? 0, process.env);
}

/** `--control`, of every command that talks to a daemon. */
export function addControlOption<T>(yargs: Argv<T>): Argv<T & ControlOptions> {
  return yargs.option('control', {
    type: 'string',
    requiresArg: true,
    defaultDescription: standardPath() ?? '$XDG_RUNTIME_DIR/zinetd/control',
    describe: 'The control socket of the daemon',
  }) as unknown as Argv<T & ControlOptions>;
}

/** Throws UsageError. */
export function controlPath({ control }: ControlOptions): string {
  const path = control === undefined ? standardPath() : resolve(control);
  if (path === undefined || control === '') {
    throw new UsageError('Cannot tell where zinetd listens: name its socket with "--control"');
  }
  if (Buffer.byteLength(path) > MOST_PATH_BYTES) {
    throw new UsageError(`Cannot use ${quote(path)} for --control: longer than ${MOST_PATH_BYTES} bytes`);
  }
  return path;
}
