import type { Goal } from '../lib/goals.d.mts';
import type { Result, Scene } from '../lib/scene.d.mts';

export declare const OURS: string;

/** What was reached of a goal; undefined where it was not measured. */
export declare function reachedOf(
  results: readonly Result[],
  of: { readonly goal: Pick<Goal, 'scene' | 'inFlight' | 'figure' | 'peer'>; readonly scene: Scene },
):
  | { readonly median: number; readonly min: number; readonly max: number; readonly peer?: string }
  | undefined;

/** How far above a goal, or below, as a share of it. */
export declare function excessOf(goal: Pick<Goal, 'bound' | 'value'>, reached: number): number;
