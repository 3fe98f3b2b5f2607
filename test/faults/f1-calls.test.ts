import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { describeWith } from '../harness/describe-with.ts';
import { startTarget } from '../harness/target.ts';
import { type Builds, installOf, makeBuilds } from './f1/builds.ts';
import { Lane } from './f1/lane.ts';
import { type Effort, type Job, jobsOf, type Row, runJob } from './f1/loop.ts';
import { nameOf, PROCESSES } from './f1/plan.ts';
import { reachedIn } from './f1/reached.ts';
import { renderReport } from './f1/report.ts';
import { SCENES, type Scene } from './f1/scenes.ts';
import { makePlace } from './f1/services.ts';

const IS_LONG = process.env['ZINETD_LONG'] === '1';
const LANES = 2;
const DAY_MS = 86_400_000;
const MINUTES_MS = 300_000;
const PAGE = 'docs/reliability-f1.md';

/** All of them in the long form; a start or an upgrade takes a second. */
const LONG: Effort = { errnos: 9, each: 20, growth: 1.5 };
const LONG_SLOW: Effort = { errnos: 2, each: 4, growth: 2 };
const SHORT: Effort = { errnos: 1, each: 1, growth: 8 };

/** What was a bug once: scene, process, call. */
const ONCE = [
  [
    'reload',
    'spawner',
    'listen',
    'leaves no path behind that keeps the old socket from its place (S114, F1)',
  ],
  ['reload', 'spawner', 'getsockname', 'takes no socket into use whose port is not known (F1)'],
  ['reload', 'spawner', 'lstat', 'takes no path into use that could not be moved later (S114, F1)'],
  ['start', 'run', 'execve', 'says why there is no spawner (F1)'],
] as const;

async function lanesFor(builds: Builds, count: number): Promise<readonly Lane[]> {
  const target = await startTarget((socket) => socket.pipe(socket));
  const install = installOf(builds, { isSanitized: process.env['ZINETD_TEST_SPAWNER'] !== undefined });
  const places = Array.from({ length: count }, () => makePlace(target.url));
  return (await Promise.all(places)).map((place) => new Lane(place, install));
}

/** Each lane takes the next job when it is through with one. */
async function runAll(lanes: readonly Lane[], jobs: readonly Job[], effort: Effort): Promise<readonly Row[]> {
  const left = [...jobs];
  const rows: Row[] = [];
  const work = async (lane: Lane): Promise<void> => {
    for (let job = left.shift(); job; job = left.shift()) rows.push(await runJob(lane, job, effort));
  };
  await Promise.all(lanes.map(work));
  return rows;
}

function sceneOf(name: string): Scene {
  const scene = SCENES.find((it) => it.name === name);
  if (!scene) throw new Error(`There is no scene "${name}"`);
  return scene;
}

async function stopAll(lanes: readonly Lane[]): Promise<void> {
  for (const lane of lanes) if (lane.isRunning) await lane.stop();
}

function violationsIn(rows: readonly Row[]): readonly string[] {
  return rows.flatMap(({ scene, process: who, call, errno, violations }) =>
    violations.map((it) => `${scene}, ${who}, ${call}, ${errno}, ${it}`),
  );
}

/** The scene with each of its calls failing, or with the one that is meant. */
async function loop(
  name: string,
  options: { readonly effort: Effort; readonly isMeant?: (who: string, call: string) => boolean },
): Promise<readonly Row[]> {
  const { effort, isMeant = () => true } = options;
  const lanes = await lanesFor(makeBuilds(), options.isMeant ? 1 : LANES);
  const [first] = lanes;
  const jobs = first ? await jobsOf(first, sceneOf(name), effort) : [];
  const meant = jobs.filter(({ point }) => isMeant(PROCESSES[point.process] ?? '', nameOf(point)));
  const rows = await runAll(lanes, meant, effort);
  await stopAll(lanes);
  return rows;
}

async function everything(): Promise<readonly Row[]> {
  const builds = makeBuilds();
  const lanes = await lanesFor(builds, LANES);
  const rows: Row[] = [];
  for (const scene of SCENES) {
    const effort = scene.name === 'connects' ? LONG : LONG_SLOW;
    const [first] = lanes;
    rows.push(...(await runAll(lanes, first ? await jobsOf(first, scene, effort) : [], effort)));
  }
  await stopAll(lanes);
  const reached = reachedIn(
    lanes.map(({ plan }) => plan),
    builds,
  );
  mkdirSync(dirname(PAGE), { recursive: true });
  writeFileSync(PAGE, renderReport(rows, reached.branches()));
  return rows;
}

describeWith('zinetd, of which a system call fails', { needs: ['root'] }, () => {
  test(
    'serves everybody again after any call of a connection, and nobody as somebody else (F1, B10, S22, S138)',
    async () => {
      const rows = await loop('connects', { effort: SHORT });
      expect(violationsIn(rows)).toEqual([]);
      expect(rows.length).toBeGreaterThan(40);
    },
    MINUTES_MS,
  );

  test.each(ONCE)(
    'in %s, %s, %s %s',
    async (scene, who, call) => {
      const isMeant = (process: string, name: string): boolean => process === who && name === call;
      const rows = await loop(scene, { effort: { ...SHORT, each: 3 }, isMeant });
      expect(violationsIn(rows)).toEqual([]);
      expect(rows.flatMap(({ tried }) => tried).length).toBeGreaterThan(0);
    },
    MINUTES_MS,
  );

  test.runIf(IS_LONG)(
    'does so in each scene with each errno (F1, B10)',
    async () => {
      expect(violationsIn(await everything())).toEqual([]);
    },
    DAY_MS,
  );
});
