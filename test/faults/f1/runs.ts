import { startTarget } from '../../harness/target.ts';
import { type Builds, installOf } from './builds.ts';
import { Lane } from './lane.ts';
import { type Effort, type Job, type Row, runJob } from './loop.ts';
import { reports } from './scenes.ts';
import { makePlace } from './services.ts';

export async function lanesFor(builds: Builds, count: number): Promise<readonly Lane[]> {
  const target = await startTarget((socket) => socket.pipe(socket));
  const install = installOf(builds, { isSanitized: process.env['ZINETD_TEST_SPAWNER'] !== undefined });
  const places = Array.from({ length: count }, () => makePlace(target.url));
  return (await Promise.all(places)).map((place) => new Lane(place, install));
}

/** Each lane takes the next job when it is through with one. */
export async function runAll(
  lanes: readonly Lane[],
  jobs: readonly Job[],
  options: { readonly effort: Effort; readonly isOver?: () => boolean; readonly onRow?: (row: Row) => void },
): Promise<readonly Row[]> {
  const { effort, isOver = () => false, onRow = () => {} } = options;
  const left = [...jobs];
  const rows: Row[] = [];
  const work = async (lane: Lane): Promise<void> => {
    for (let job = left.shift(); job && !isOver(); job = left.shift()) {
      const row = await runJob(lane, job, { effort, isOver });
      rows.push(row);
      onRow(row);
    }
  };
  await Promise.all(lanes.map(work));
  return rows;
}

/** Throws what a sanitizer says in the end, which is when it knows what has leaked. */
export async function stopAll(lanes: readonly Lane[]): Promise<void> {
  for (const lane of lanes.filter(({ isRunning }) => isRunning)) {
    const [report] = reports(await lane.stop());
    if (report !== undefined) throw new Error(report);
  }
}
