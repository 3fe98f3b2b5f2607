import { readFileSync } from 'node:fs';

/** proc(5): with 1 a process that changed its uid stays open to ptrace by that uid. */
const DEBUGGING = '1';

/**
 * A launching child shares the spawner's memory and becomes the user of its service. It closes that memory at
 * once, but with this setting of the kernel there is a moment before.
 */
export function warnOfSuidDumpable(warn: (message: string) => void): void {
  let setting = '';
  try {
    setting = readFileSync('/proc/sys/fs/suid_dumpable', 'utf8').trim();
  } catch {
    return; // no /proc, as in some containers: the kernel's default is safe
  }
  if (setting !== DEBUGGING) return;
  warn('fs.suid_dumpable is 1: users of your services can attack launches; set it to 0 or 2');
}
