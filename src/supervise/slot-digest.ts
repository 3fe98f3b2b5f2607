import { createHash } from 'node:crypto';

const DIGEST_BYTES = 32;

/** SHA-256 of a slot whose header ends with it: of what follows the header, and of what is ahead of the digest. */
export function slotDigest(bytes: Uint8Array, digestAt: number): Buffer {
  const hash = createHash('sha256').update(bytes.subarray(digestAt + DIGEST_BYTES));
  return hash.update(bytes.subarray(0, digestAt)).digest();
}
