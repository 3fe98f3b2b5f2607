import { execFileSync } from 'node:child_process';
import { cpus, loadavg, release } from 'node:os';

/** One line about the machine and how busy it is. */
export function describeHost() {
  const load = loadavg()[0]?.toFixed(2);
  return `Linux ${release()}, ${cpus().length} CPUs (${cpus()[0]?.model.trim()}), Node ${process.version}, load average ${load}`;
}

/**
 * Who handlers run as: nobody where we may choose, else ourselves.
 *
 * @returns {{name: string, uid: number, gid: number} | undefined}
 */
export function handlerUser() {
  if (process.getuid?.() !== 0) return undefined;
  const id = (/** @type {string} */ flag) =>
    Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { name: 'nobody', uid: id('-u'), gid: id('-g') };
}
