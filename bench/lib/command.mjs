import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/**
 * Runs a program to its end and gives its standard output; what it said on standard error is in the error.
 *
 * @param {readonly [string, ...string[]]} argv
 * @param {{cwd?: string, signal?: AbortSignal, timeoutMs?: number}} [options]
 * @returns {Promise<string>}
 */
export async function command(argv, { cwd, signal, timeoutMs = 300_000 } = {}) {
  const [program, ...args] = argv;
  const { stdout } = await execute(program, args, {
    cwd,
    signal,
    timeout: timeoutMs,
    maxBuffer: 64 << 20,
    env: { ...process.env, LC_ALL: 'C' },
  });
  return stdout;
}
