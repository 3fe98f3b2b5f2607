import { closeSync, existsSync, openSync } from 'node:fs';
import type { Binding } from '../native/binding.ts';

/** sd_booted(3) */
const BOOTED_BY_SYSTEMD = '/run/systemd/system';
/** What systemd sets to "1" on what it has given away; the first is for root to read, the second is newer. */
const MARKS = ['trusted.delegate', 'user.delegate'];
const ONE = 0x31;

/**
 * Whether a cgroup is one of systemd's that is not for others to change: root can write to it all the same, but systemd
 * takes back what it finds there whenever it likes.
 */
export function isKeptBySystemd(binding: Pick<Binding, 'attribute'>, directory: string): boolean {
  if (!existsSync(BOOTED_BY_SYSTEMD)) return false;
  const fd = openSync(directory, 'r');
  try {
    const value = new Uint8Array(1);
    return !MARKS.some((name) => binding.attribute(fd, name, value) === 1 && value[0] === ONE);
  } finally {
    closeSync(fd);
  }
}
