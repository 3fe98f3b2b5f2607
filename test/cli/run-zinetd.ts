import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Depends on the Node that runs the suite, not on the input. */
const RUNTIME_WARNING = /^zinetd: warning: Node\.js .*\n/;

/** The built program, to its end. */
export function runZinetd(
  args: readonly string[],
  options: {
    readonly cwd?: string;
    readonly nodeArgs?: readonly string[];
    readonly env?: NodeJS.ProcessEnv;
  } = {},
): Outcome {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...(options.nodeArgs ?? []), MAIN, ...args],
    {
      encoding: 'utf8',
      cwd: options.cwd,
      env: options.env ?? process.env,
      maxBuffer: 2 ** 26,
    },
  );
  return { code: status, stdout, stderr: stderr.replace(RUNTIME_WARNING, '') };
}
