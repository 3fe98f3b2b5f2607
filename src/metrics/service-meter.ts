import type { Exit } from '../events/exit.ts';
import { Histogram } from './histogram.ts';

/** What a duration can be of: DURATIONS of families.ts says what each is. */
export type Timed = 'launch' | 'decision' | 'hold';

/** How a handler ended: `ended` is of what zinetd serves itself, which has no exit status. */
export const EXIT_CLASSES = ['success', 'failure', 'signal', 'ended'] as const;
export type ExitClass = (typeof EXIT_CLASSES)[number];

function classOf({ status, signal }: Exit): ExitClass {
  if (signal !== undefined) return 'signal';
  if (status === undefined) return 'ended';
  return status === 0 ? 'success' : 'failure';
}

/** What is counted of one service; an event moves numbers here and makes no object. */
export class ServiceMeter {
  started = 0;
  readonly failed: Map<string, number> = new Map();
  readonly exited: Record<ExitClass, number> = { success: 0, failure: 0, signal: 0, ended: 0 };
  datagramsDropped = 0;
  readonly durations: Readonly<Record<Timed, Histogram>> = {
    launch: new Histogram(),
    decision: new Histogram(),
    hold: new Histogram(),
  };

  fail(step: string): void {
    this.failed.set(step, (this.failed.get(step) ?? 0) + 1);
  }

  exit(exit: Exit): void {
    this.exited[classOf(exit)]++;
  }
}
