import type { PenaltyOutcome } from '../admission/penalty.ts';
import type { Exit } from '../events/exit.ts';
import type { ForcedEnd } from '../model/forced-end.ts';

/** SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGXCPU, SIGXFSZ, SIGSYS: nobody sent them, the program failed. */
const CRASHES: ReadonlySet<number> = new Set([4, 5, 6, 7, 8, 11, 24, 25, 31]);

/**
 * What may have a price of how a handler ended. What zinetd ended has none, whatever its status is, but for having been
 * too long.
 */
export function outcomeOf({ status, signal }: Exit, end: ForcedEnd | undefined): PenaltyOutcome | undefined {
  if (end) return end === 'age' ? 'time_limit' : undefined;
  if (status !== undefined) return { exitStatus: status };
  return signal !== undefined && CRASHES.has(signal) ? 'crash' : undefined;
}
