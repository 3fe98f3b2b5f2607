import { expect } from 'vitest';
import type { LogRecords } from './log-records.ts';
import { childrenOf, isZombie, steadyDescriptorCountOf } from './processes.ts';
import { until } from './until.ts';

/** What the checks need to know of a daemon. */
interface Watched {
  readonly pid: number;
  readonly dispatcherPid: number | undefined;
  readonly log: LogRecords;
}

/** Open descriptors of a daemon that serves and has nothing to do; undefined where we may not look. */
export interface Baseline {
  readonly spawner: number | undefined;
  readonly dispatcher: number | undefined;
}

const SETTLE_MS = 10_000;

function countsOf(watched: Watched): Baseline {
  const { pid, dispatcherPid } = watched;
  return {
    spawner: steadyDescriptorCountOf(pid),
    dispatcher: dispatcherPid === undefined ? undefined : steadyDescriptorCountOf(dispatcherPid),
  };
}

export async function takeBaseline(watched: Watched): Promise<Baseline> {
  await until(() => watched.dispatcherPid, { what: 'the dispatcher runs' });
  return countsOf(watched);
}

/** What has just ended may not be closed yet: so many looks in a row show the same. */
const STEADY_LOOKS = 20;

/** A baseline in the middle of things: once nothing is on its way any more. */
export async function takeSteadyBaseline(watched: Watched): Promise<Baseline> {
  let baseline = await takeBaseline(watched);
  let looks = 0;
  const isSteady = (): boolean => {
    const now = countsOf(watched);
    looks = JSON.stringify(now) === JSON.stringify(baseline) ? looks + 1 : 0;
    baseline = now;
    return looks >= STEADY_LOOKS;
  };
  await until(isSteady, { what: 'descriptors come and go no more' });
  return baseline;
}

/** By the log, or, where that may have holes, by what the spawner has besides the dispatcher. */
function running({ log, pid, dispatcherPid }: Watched, isLossy: boolean): number {
  if (isLossy) return childrenOf(pid).filter((child) => child !== dispatcherPid).length;
  return log.count('started') - log.count('exited');
}

/** `until`, but what fails is shown as a difference. */
async function settle<T>(
  look: () => T,
  options: { readonly wanted: T; readonly what: string; readonly timeoutMs: number },
): Promise<void> {
  const { wanted, what } = options;
  const isThere = () => JSON.stringify(look()) === JSON.stringify(wanted);
  await until(isThere, options).catch(() => expect(look(), what).toEqual(wanted));
}

/**
 * The bars that hold after every test (SECURITY.md, B1): handlers over, no zombies, as many descriptors as at
 * the start in spawner and dispatcher.
 */
export async function checkBars(
  watched: Watched,
  options: { readonly baseline: Baseline; readonly timeoutMs?: number; readonly lossy?: boolean | undefined },
): Promise<void> {
  const { pid } = watched;
  const { baseline, timeoutMs = SETTLE_MS, lossy = false } = options;
  const zombies = () => childrenOf(pid).filter(isZombie);
  await settle(() => running(watched, lossy), { wanted: 0, what: 'no handler runs (B1)', timeoutMs });
  await settle(zombies, { wanted: [], what: 'there are no zombies (B1)', timeoutMs });
  const what = 'descriptors are back at the baseline (B1)';
  await settle(() => countsOf(watched), { wanted: baseline, what, timeoutMs });
}

/** Every start has exactly one exit, and nothing but records was printed (B2). */
export function checkConservation(log: LogRecords): void {
  expect(log.strays, 'lines that are not records').toEqual([]);
  const live = new Map<number, number>();
  for (const { event, pid = 0 } of log.all) {
    if (event === 'started') live.set(pid, (live.get(pid) ?? 0) + 1);
    if (event !== 'exited') continue;
    expect(live.get(pid), `an exit of pid ${pid}, which did not start (B2)`).toBeGreaterThan(0);
    live.set(pid, (live.get(pid) ?? 0) - 1);
  }
  const open = [...live].filter(([, count]) => count !== 0).map(([pid]) => pid);
  expect(open, 'handlers that started and have no exit (B2)').toEqual([]);
}
