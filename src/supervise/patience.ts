/** Fruitless launches at once, and how long each takes to be forgiven. */
const MOST = 10;
const REFILL_MS = 1000;

/** How many more fruitless launches are borne, as of a moment; fractions come back with time. */
export interface Patience {
  readonly left: number;
  readonly atMs: number;
}

/** As at the beginning, and after every launch that was of use. */
export function fullPatience(nowMs: number): Patience {
  return { left: MOST, atMs: nowMs };
}

/** How many would be borne now. */
export function patienceLeft({ left, atMs }: Patience, nowMs: number): number {
  return Math.min(MOST, left + (nowMs - atMs) / REFILL_MS);
}

/**
 * What is left after one more fruitless launch, and how long the next launch has to wait. So there are ten in the
 * first second, and one a second from then on (S66). Pure.
 */
export function losePatience(
  before: Patience,
  nowMs: number,
): { readonly patience: Patience; readonly waitMs: number } {
  const rest = Math.max(0, patienceLeft(before, nowMs) - 1);
  return { patience: { left: rest, atMs: nowMs }, waitMs: Math.ceil(Math.max(0, 1 - rest) * REFILL_MS) };
}
