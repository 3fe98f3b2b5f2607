import type { LayerFile } from '../harness/layer.ts';
import { runCommand } from '../harness/run-command.ts';
import { STAND_IN } from '../harness/stand-in.ts';

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/**
 * A program for a foreign suite to call as its inetd. `body` are lines of shell that map the options of that inetd;
 * they get `zinetd run` for that dialect, up to the name of the file.
 */
export function inetdScript(options: {
  readonly dialect: string;
  readonly body: (zinetd: string) => readonly string[];
}): LayerFile {
  if (STAND_IN) return { script: `#!/bin/sh\nexec ${STAND_IN[0]} "$@"\n` };
  const args = ['--format', 'inetd', '--dialect', options.dialect, '-c'];
  const zinetd = runCommand({ args }).map(quote).join(' ');
  return { script: ['#!/bin/sh', 'set -eu', ...options.body(zinetd), ''].join('\n') };
}
