import { existsSync, readFileSync } from 'node:fs';
import type { Place } from '../harness/open-place.ts';
import { type Ran, runProgram } from '../harness/run-program.ts';

/** Their own pauses come to ten seconds at most. */
const TIMEOUT_MS = 60_000;

/** With the processes of the suite, those that it leaves behind end, too. */
const ALONE = ['unshare', '--pid', '--fork', '--kill-child', '--mount', '--mount-proc'];

export interface SuiteRun extends Ran {
  /** All that may tell why it failed. */
  readonly account: string;
}

/** Runs a foreign suite to its end; `log` is where its inetd writes to. */
export async function runSuite(
  command: readonly string[],
  options: {
    readonly place: Place;
    readonly log: string;
    readonly cwd: string;
    readonly env?: Readonly<Record<string, string>>;
  },
): Promise<SuiteRun> {
  const { place, log, cwd, env = {} } = options;
  // The place leads to its own root directory.
  const enter = [...place.enter.slice(0, -1), `--wd=${cwd}`, '--'];
  const ran = await runProgram([...enter, ...ALONE, ...command], { env, timeoutMs: TIMEOUT_MS });
  const written = existsSync(log) ? readFileSync(log, 'utf8') : '';
  return { ...ran, account: [ran.stdout, ran.stderr, written].join('\n') };
}
