import { expect, test } from 'vitest';
import { describeWith } from '../harness/describe-with.ts';
import { tellFigure } from '../harness/tell-figure.ts';
import { makeBuilds } from './f1/builds.ts';
import { type Effort, jobsOf, type Row } from './f1/loop.ts';
import { nameOf, PROCESSES } from './f1/plan.ts';
import { lanesFor, runAll, stopAll } from './f1/runs.ts';
import { SCENES, type Scene } from './f1/scenes.ts';
import { wholeRun } from './f1/whole-run.ts';

const IS_LONG = process.env['ZINETD_LONG'] === '1';
const DAY_MS = 86_400_000;
const MINUTES_MS = 300_000;

const SHORT: Effort = { from: 0, to: 1, each: 1, growth: 8, isOpen: true };

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
  [
    'reload',
    'dispatcher',
    'getsockname',
    'has another try at a socket of which it does not know where it listens (F1)',
  ],
  [
    'connects',
    'dispatcher',
    'getsockname',
    'ends for nobody but the client of whom it does not know where he came (F1)',
  ],
  ['upgrade', 'spawner', 'close_range', 'leaves no old policy open to the spawner after it (F1)'],
  ['upgrade', 'spawner', 'open', 'finds its cgroups later where it could not at once (S86, F1)'],
  ['start', 'spawner', 'prctl', 'leaves no handler a bounding set that it should not have (S34, F1)'],
  ['start', 'run', 'execve', 'says why there is no spawner (F1)'],
] as const;

function sceneOf(name: string): Scene {
  const scene = SCENES.find((it) => it.name === name);
  if (!scene) throw new Error(`There is no scene "${name}"`);
  return scene;
}

function violationsIn(rows: readonly Row[]): readonly string[] {
  return rows.flatMap(({ scene, process: who, call, errno, violations }) =>
    violations.map((it) => `${scene}, ${who}, ${call}, ${errno}, ${it}`),
  );
}

function tell(what: string, rows: readonly Row[]): void {
  const times = rows.reduce((sum, { tried }) => sum + tried.length, 0);
  const text = `${what}: ${rows.length} calls with their errnos, failed ${times} times, ${violationsIn(rows).length} violations`;
  tellFigure({ bar: 'B10', text });
}

/** The scene with each of its calls failing, or with the one that is meant. */
async function loop(
  name: string,
  options: { readonly effort: Effort; readonly isMeant?: (who: string, call: string) => boolean },
): Promise<readonly Row[]> {
  const { effort, isMeant = () => true } = options;
  const lanes = await lanesFor(makeBuilds(), options.isMeant ? 1 : 2);
  const [first] = lanes;
  const jobs = first ? await jobsOf(first, sceneOf(name), effort) : [];
  const meant = jobs.filter(({ point }) => isMeant(PROCESSES[point.process] ?? '', nameOf(point)));
  const rows = await runAll(lanes, meant, { effort });
  await stopAll(lanes);
  return rows;
}

describeWith('zinetd, of which a system call fails', { needs: ['root'] }, () => {
  test(
    'serves everybody again after any call of a connection, and nobody as somebody else (F1, B10, S22, S138)',
    async () => {
      const rows = await loop('connects', { effort: SHORT });
      tell('connects', rows);
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
      const rows = await wholeRun();
      tell('all scenes', rows);
      expect(violationsIn(rows)).toEqual([]);
    },
    DAY_MS,
  );
});
