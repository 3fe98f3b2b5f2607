import { constants } from 'node:os';
import { errnosOf } from './errnos.ts';
import type { Lane } from './lane.ts';
import { type Fault, nameOf, type Point, PROCESSES, type Site } from './plan.ts';
import type { Scene } from './scenes.ts';

/** What became of one call of one process that fails with one errno, the first time, the second, and so on. */
export interface Row {
  readonly scene: string;
  readonly process: string;
  readonly call: string;
  readonly errno: string;
  /** How often it is called when nothing fails. */
  readonly calls: number;
  /** Which were failed. */
  readonly tried: number[];
  readonly outcomes: Record<string, number>;
  readonly violations: string[];
}

/** Which of the calls fails. */
type Which = Pick<Fault, 'nth' | 'place'>;

export interface Job {
  readonly scene: Scene;
  readonly point: Point;
  readonly errno: string;
  readonly calls: number;
  readonly places: readonly Site[];
}

/** How much there is time for. */
export interface Effort {
  /** Which errnos of a call, by their place in its list. */
  readonly from: number;
  readonly to: number;
  /** Each up to that one; then in steps that grow, and the last. The first from each place in the sources is always there. */
  readonly each: number;
  readonly growth: number;
  /** Where it goes on for as long as the scene comes so far, since what fails has more calls made. */
  readonly isOpen?: boolean;
}

/** What the scene calls when nothing fails, with each errno of it that it may have. */
export async function jobsOf(
  lane: Lane,
  scene: Scene,
  effort: Pick<Effort, 'from' | 'to'>,
): Promise<readonly Job[]> {
  const { outcome, violations } = await scene.run(lane, undefined);
  if (violations.length > 0 || outcome !== scene.usual) {
    throw new Error(`"${scene.name}" does not work: ${[outcome, ...violations].join('; ')}`);
  }
  const rankOf = (point: Point): number => scene.processes.indexOf(PROCESSES[point.process] ?? '');
  const points = lane.plan
    .points()
    .filter((point) => rankOf(point) >= 0)
    .toSorted((a, b) => rankOf(a) - rankOf(b));
  return points.flatMap((point) => {
    const seen = { scene, point, calls: lane.plan.count(point), places: lane.plan.places(point) };
    return errnosOf({ process: PROCESSES[point.process] ?? '', call: nameOf(point) }, effort).map(
      (errno) => ({ ...seen, errno }),
    );
  });
}

/** So many of a kind are all failed. */
const FEW = 3;

/** The next one to fail. */
function after(nth: number, calls: number, { each, growth }: Effort): number {
  if (nth < each || calls <= FEW || nth >= calls) return nth + 1;
  return Math.min(calls, Math.ceil(nth * growth));
}

/** By their number. */
function* numbered({ calls }: Job, effort: Effort): Generator<Which> {
  const last = effort.isOpen ? 2 * calls + 2 : calls;
  for (let nth = 1; nth <= last; nth = after(nth, calls, effort)) yield { nth };
}

/** By where they come from, as far as these are not among those by their number. */
function placed({ places, calls }: Job): readonly Which[] {
  if (calls <= FEW) return [];
  return places.filter(({ first }) => first > 1).map(({ at }) => ({ nth: 1, place: at }));
}

/** As often as the scene comes so far, or until the time is over. */
export async function runJob(
  lane: Lane,
  job: Job,
  { effort, isOver }: { readonly effort: Effort; readonly isOver: () => boolean },
): Promise<Row> {
  const { scene, point, errno, calls } = job;
  const row: Row = {
    ...{ scene: scene.name, process: PROCESSES[point.process] ?? '', call: nameOf(point), errno, calls },
    ...{ tried: [], outcomes: {}, violations: [] },
  };
  const error = constants.errno[errno as keyof typeof constants.errno] ?? 0;
  const fail = async (which: Which): Promise<boolean> => {
    const result = await scene.run(lane, { ...point, error, ...which });
    const { isReached, outcome, violations, isLacking } = result;
    const nth = isReached ? lane.plan.hitNth : which.nth;
    row.violations.push(...violations.map((it) => `${nth}: ${it}`));
    // What it left is not to be taken for the next one's.
    if ((violations.length > 0 || isLacking) && lane.isRunning) await lane.stop();
    if (!isReached) return false;
    if (!row.tried.includes(nth)) row.tried.push(nth);
    row.outcomes[outcome] = (row.outcomes[outcome] ?? 0) + 1;
    return true;
  };
  for (const which of placed(job)) if (!isOver()) await fail(which);
  for (const which of numbered(job, effort)) if (isOver() || !(await fail(which))) break;
  row.tried.sort((a, b) => a - b);
  if (!lane.isLearnt) return row;
  const leaks = await lane.leaks();
  row.violations.push(...leaks.map((it) => `afterwards: ${it}`));
  if (leaks.length > 0) await lane.renewBaseline();
  return row;
}
