/** A status, and the decimal digits of the largest number that a connection can have. */
export const REPORT_BYTES = 17;

const ZERO = 48;
const NINE = 57;

/** It says nothing of which connection it is about: the oldest. */
export const OLDEST = 0;
/** It is none. */
export const NO_REPORT = -1;

/**
 * The connection that a packet of a worker is about, OLDEST, or NO_REPORT; its first byte is the status. Who sends it may
 * be taken over by a client, so that nothing is taken for a number that we would write otherwise.
 */
export function reportedId(bytes: Uint8Array, length: number): number {
  if (length < 1 || length > REPORT_BYTES) return NO_REPORT;
  if (length === 1) return OLDEST;
  let id = 0;
  for (let at = 1; at < length; at++) {
    const digit = bytes[at] ?? 0;
    if (digit < ZERO || digit > NINE) return NO_REPORT;
    id = id * 10 + (digit - ZERO);
  }
  return bytes[1] !== ZERO && Number.isSafeInteger(id) ? id : NO_REPORT;
}
