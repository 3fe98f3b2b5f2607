import { lstatSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { checkTrust } from '../config/trust.ts';

const EVERYBODY_ENTERS = 0o755;

/**
 * Makes the directory of the control socket where there is none; the one above it must be there. The reason if
 * somebody else could put another socket in its place (S114).
 */
export function prepareControlDirectory(path: string): string | undefined {
  const ownerUid = process.getuid?.() ?? 0;
  try {
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) {
      const above = checkTrust(dirname(path), { ownerUid });
      if (!above.trusted) return above.reason;
      mkdirSync(path, { mode: EVERYBODY_ENTERS });
    }
    const trust = checkTrust(path, { ownerUid });
    return trust.trusted ? undefined : trust.reason;
  } catch (error) {
    const { syscall = 'use', code = 'EIO' } = error as NodeJS.ErrnoException;
    return `${syscall} gives ${code}`;
  }
}
