import type { View } from './view.ts';

export interface TopOptions {
  readonly intervalMs: number;
  /** How many samples; undefined: until someone quits. */
  readonly count: number | undefined;
  readonly view: View;
}
