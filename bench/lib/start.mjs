import { spawn } from 'node:child_process';
import { once } from 'node:events';

const STOPPED_WITHIN_MS = 180_000;

/**
 * A program by itself, in the limits that this one has; daemon.mjs is for servers that are compared.
 *
 * @param {readonly [string, ...string[]]} argv
 * @param {Record<string, string>} environment
 */
export function start([program, ...args], environment) {
  const child = spawn(program, args, { env: environment, stdio: 'ignore' });
  const ended = once(child, 'exit');
  return {
    pid: child.pid ?? 0,
    reload: () => void child.kill('SIGHUP'),
    stop: async () => {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOPPED_WITHIN_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}
