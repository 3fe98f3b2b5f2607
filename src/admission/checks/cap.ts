import type { Cap } from '../../model/cap.ts';
import type { CheckOutcome } from '../../model/verdict.ts';
import { isDroppedEarly } from '../early-drop.ts';

/** Whether one more is allowed; between soft and hard the roll of the dice decides. */
export function checkCap(
  cap: Cap,
  figures: { readonly count: number; readonly roll: number },
): Omit<CheckOutcome, 'check'> {
  const { count, roll } = figures;
  const passed = !isDroppedEarly(cap, { running: count, roll });
  const note = count >= cap.soft && count < cap.hard ? 'above_soft' : undefined;
  return { passed, count, limit: cap.hard, note };
}
