import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { type Overlay, overlayLines } from './overlay-lines.ts';

/** A network of its own, in which every port needs no privilege, and files of its own. */
export interface Place {
  /** In front of a command: leads into it by exec. */
  readonly enter: readonly string[];
  /** A process there. */
  readonly pid: number;
}

const NETWORK = ['ip link set lo up', 'echo 0 >/proc/sys/net/ipv4/ip_unprivileged_port_start'];

/**
 * Makes a place for the test that calls it. It is gone once the test is over and no process is left in it. Needs
 * root.
 */
export async function openPlace(overlay: Overlay): Promise<Place> {
  const script = ['set -e', ...NETWORK, ...overlayLines(overlay), 'echo', 'exec cat'].join('\n');
  const holder = spawn('unshare', ['--net', '--mount', 'sh', '-c', script], { cwd: '/' });
  let said = '';
  holder.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = once(holder, 'close');
  onTestFinished(async () => {
    holder.stdin.end();
    await ended;
  });
  const [ready] = await Promise.race([once(holder.stdout, 'data'), ended]);
  if (!Buffer.isBuffer(ready)) throw new Error(`Cannot make a place of its own for a test: ${said}`);
  const pid = holder.pid ?? 0;
  return { pid, enter: ['nsenter', `--target=${pid}`, '--net', '--mount', '--'] };
}
