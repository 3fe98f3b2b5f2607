import { writeSync } from 'node:fs';

/** All of them, into a descriptor that the spawner gives. */
export function writeBytes(fd: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written);
}
