import type { Cap } from '../model/cap.ts';

/**
 * How likely a newcomer is dropped while so many run, in whole percents as by OpenSSH's MaxStartups, which cuts
 * off the fraction. It is 1 as soon as `hard` run, however the two limits stand to each other.
 */
export function dropProbability({ soft, hard, dropPercent }: Cap, running: number): number {
  if (running >= hard) return 1;
  if (running < soft) return 0;
  const rise = ((100 - dropPercent) * (running - soft)) / (hard - soft);
  return (dropPercent + Math.floor(rise)) / 100;
}

/** The decision for one newcomer; `roll` is a random number from 0 to below 1. */
export function isDroppedEarly(
  limits: Cap,
  { running, roll }: { readonly running: number; readonly roll: number },
): boolean {
  return roll < dropProbability(limits, running);
}
