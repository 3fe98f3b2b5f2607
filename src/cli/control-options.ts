import { resolve } from 'node:path';
import type { Argv } from 'yargs';
import { quote } from '../config/quote.ts';
import { UsageError } from '../model/errors.ts';
import { MOST_SOCKET_PATH_BYTES } from '../model/most-socket-path-bytes.ts';
import { defaultControlPath } from './default-path.ts';

export interface ControlOptions {
  readonly control: string | undefined;
}

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
  if (Buffer.byteLength(path) > MOST_SOCKET_PATH_BYTES) {
    throw new UsageError(
      `Cannot use ${quote(path)} for --control: longer than ${MOST_SOCKET_PATH_BYTES} bytes`,
    );
  }
  return path;
}
