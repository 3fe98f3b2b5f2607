import type { X509Certificate } from 'node:crypto';

const DAY_MS = 86_400_000;
/** Long enough for somebody to read of it. */
const SOON_MS = 14 * DAY_MS;

/** What is wrong with the time that a certificate is good for, by the clock of the machine; undefined: nothing. */
export function certificateLife({ validFrom, validTo }: X509Certificate): string | undefined {
  const nowMs = Date.now();
  if (Date.parse(validFrom) > nowMs) return `it is not valid before ${validFrom}`;
  const leftMs = Date.parse(validTo) - nowMs;
  if (leftMs <= 0) return `it expired on ${validTo}`;
  return leftMs < SOON_MS ? `it expires on ${validTo}` : undefined;
}
