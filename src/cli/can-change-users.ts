import { readFileSync } from 'node:fs';

/** Of capabilities(7): CAP_SETGID is 6, CAP_SETUID is 7. */
const NEEDED = 0b1100_0000n;

/** Whether root can still become somebody else. Without /proc nobody says that it cannot, and the spawner finds out. */
export function canChangeUsers(): boolean {
  try {
    const [, mask] = /^CapEff:\t([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    return mask === undefined || (BigInt(`0x${mask}`) & NEEDED) === NEEDED;
  } catch {
    return true;
  }
}
