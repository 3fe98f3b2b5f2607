import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { NOTHING, progressOf } from './libfuzzer-words.mjs';

/**
 * @typedef {object} Run
 * @property {import('./libfuzzer-words.mjs').Progress} progress
 * @property {number} cpuSeconds
 * @property {readonly string[]} findings files with inputs at which it stopped
 */

const TICKS_PER_SECOND = 100;
const LOOK_MS = 1000;
/** Instrumented code on a busy machine: a hang is minutes. */
const LIMITS = ['-timeout=600', '-rss_limit_mb=4000', '-print_final_stats=1'];

/**
 * User and system time of a process: proc_pid_stat(5). 0 once it is gone.
 *
 * @param {number} pid
 */
function cpuSecondsOf(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  } catch {
    return 0;
  }
}

/**
 * Runs a target until it has used so much processor time, or finds something. What it finds worth keeping stays in
 * `DIRECTORY/corpus`, and is where the next run begins.
 *
 * @param {{ readonly name: string; readonly directory: string; readonly cpuSeconds: number }} order
 * @returns {Promise<Run>}
 */
export function runTarget({ name, directory, cpuSeconds }) {
  const [corpus, found] = [join(directory, 'corpus', name), `${join(directory, 'found', name)}/`];
  for (const each of [corpus, found]) mkdirSync(each, { recursive: true });
  cpSync(join('test/fuzz/corpus', name), corpus, { recursive: true });
  const target = spawn(
    'nice',
    ['-n', '19', join(directory, name), ...LIMITS, `-artifact_prefix=${found}`, corpus],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let progress = NOTHING;
  let used = 0;
  createInterface({ input: target.stderr }).on('line', (line) => {
    progress = progressOf(line) ?? progress;
  });
  const look = setInterval(() => {
    used = Math.max(used, cpuSecondsOf(target.pid ?? 0));
    if (used >= cpuSeconds) target.kill('SIGINT');
  }, LOOK_MS);
  return new Promise((resolve) => {
    target.once('close', () => {
      clearInterval(look);
      resolve({ progress, cpuSeconds: used, findings: readdirSync(found) });
    });
  });
}
