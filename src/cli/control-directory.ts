import { lstatSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { checkTrust } from '../config/trust.ts';
import { MOST_SOCKET_PATH_BYTES } from '../model/most-socket-path-bytes.ts';

const EVERYBODY_ENTERS = 0o755;

/**
 * Makes the directory of the control socket where there is none; the one above it must be there. The reason if there
 * cannot be a socket of that name, or if somebody else could put another in its place (S114).
 */
export function prepareControlDirectory(socket: string): string | undefined {
  const path = dirname(socket);
  const ownerUid = process.getuid?.() ?? 0;
  if (Buffer.byteLength(socket) > MOST_SOCKET_PATH_BYTES)
    return `it is longer than ${MOST_SOCKET_PATH_BYTES} bytes`;
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
