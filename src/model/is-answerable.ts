import type { Connection } from './connection.ts';

/**
 * Whether what this one does may have a price. Not if anybody can write such an address (S62), and not if others come
 * by the same one, who would pay.
 */
export function isAnswerable({ isClaimed, isShared }: Connection): boolean {
  return !isClaimed && !isShared;
}
