import type { CountsStatus, Status } from '../../control/messages.ts';

/** Each a second. */
export interface Rates {
  readonly started: number;
  readonly refused: number;
  readonly failed: number;
}

const COUNTED = ['started', 'refused', 'failed'] as const;
const NONE: CountsStatus = { started: 0, failed: 0, ended: 0, refused: 0, refusedFor: {} };
const SECOND_MS = 1000;

function ratesOf(before: CountsStatus, now: CountsStatus, seconds: number): Rates | undefined {
  if (COUNTED.some((name) => now[name] < before[name])) return undefined;
  const rate = (name: (typeof COUNTED)[number]): number => (now[name] - before[name]) / seconds;
  return { started: rate('started'), refused: rate('refused'), failed: rate('failed') };
}

/**
 * The rates of each service by the daemon's own clock. A daemon, or dispatcher, that began anew counts anew:
 * nothing can be said then.
 */
export function ratesBetween(before: Status | undefined, now: Status): ReadonlyMap<string, Rates> {
  const seconds = before === undefined ? 0 : (now.upMs - before.upMs) / SECOND_MS;
  if (before === undefined || seconds <= 0 || before.dispatcherPid !== now.dispatcherPid) return new Map();
  const earlier = new Map(before.services.map(({ name, counts }) => [name, counts]));
  return new Map(
    now.services.flatMap(({ name, counts }) => {
      const rates = ratesOf(earlier.get(name) ?? NONE, counts, seconds);
      return rates === undefined ? [] : [[name, rates] as const];
    }),
  );
}

/** Of all services together; undefined while nothing can be said of any. */
export function sumOfRates(rates: ReadonlyMap<string, Rates>): Rates | undefined {
  if (rates.size === 0) return undefined;
  const all = [...rates.values()];
  const sum = (name: (typeof COUNTED)[number]): number => all.reduce((total, it) => total + it[name], 0);
  return { started: sum('started'), refused: sum('refused'), failed: sum('failed') };
}
