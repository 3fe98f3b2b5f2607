import { constants } from 'node:os';
import { errnosOf } from './errnos.ts';
import type { Lane } from './lane.ts';
import { nameOf, type Point, PROCESSES } from './plan.ts';
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

export interface Job {
  readonly scene: Scene;
  readonly point: Point;
  readonly errno: string;
  readonly calls: number;
}

/** How much there is time for. */
export interface Effort {
  readonly errnos: number;
  /** Each up to that one; then in steps that grow, and the last. */
  readonly each: number;
  readonly growth: number;
}

/** What the scene calls when nothing fails, with each errno of it. */
export async function jobsOf(lane: Lane, scene: Scene, effort: Effort): Promise<readonly Job[]> {
  const { outcome, violations } = await scene.run(lane, undefined);
  if (violations.length > 0 || outcome !== scene.usual) {
    throw new Error(`"${scene.name}" does not work: ${[outcome, ...violations].join('; ')}`);
  }
  const rankOf = (point: Point): number => scene.processes.indexOf(PROCESSES[point.process] ?? '');
  const points = lane.plan
    .points()
    .filter((point) => rankOf(point) >= 0)
    .toSorted((a, b) => rankOf(a) - rankOf(b));
  return points.flatMap((point) =>
    errnosOf({ process: PROCESSES[point.process] ?? '', call: nameOf(point) }, { most: effort.errnos }).map(
      (errno) => ({
        scene,
        point,
        errno,
        calls: lane.plan.count(point),
      }),
    ),
  );
}

/** The next one to fail. */
function after(
  nth: number,
  { calls, each, growth }: { readonly calls: number } & Pick<Effort, 'each' | 'growth'>,
): number {
  if (nth < each || nth >= calls) return nth + 1;
  return Math.min(calls, Math.ceil(nth * growth));
}

/** Until the scene no longer comes so far. */
export async function runJob(lane: Lane, job: Job, effort: Effort): Promise<Row> {
  const { scene, point, errno, calls } = job;
  const row: Row = {
    ...{ scene: scene.name, process: PROCESSES[point.process] ?? '', call: nameOf(point), errno, calls },
    ...{ tried: [], outcomes: {}, violations: [] },
  };
  const error = constants.errno[errno as keyof typeof constants.errno] ?? 0;
  for (let nth = 1; nth <= 2 * calls + 2; nth = after(nth, { calls, ...effort })) {
    const { isReached, outcome, violations } = await scene.run(lane, { ...point, error, nth });
    row.violations.push(...violations.map((it) => `${nth}: ${it}`));
    // What it left is not to be taken for the next one's.
    if (violations.length > 0 && lane.isRunning) await lane.stop();
    if (!isReached) break;
    row.tried.push(nth);
    row.outcomes[outcome] = (row.outcomes[outcome] ?? 0) + 1;
  }
  if (!lane.isLearnt) return row;
  const leaks = await lane.leaks();
  row.violations.push(...leaks.map((it) => `afterwards: ${it}`));
  if (leaks.length > 0) await lane.renewBaseline();
  return row;
}
