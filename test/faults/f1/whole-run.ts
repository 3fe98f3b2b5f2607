import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { loadBinding } from '../../../src/native/load.ts';
import { scratch } from '../../harness/scratch.ts';
import { failAddon } from './addon-calls.ts';
import { type Builds, makeBuilds } from './builds.ts';
import { type Effort, jobsOf, type Row } from './loop.ts';
import { Plan } from './plan.ts';
import { Coverage } from './reached.ts';
import { type Progress, renderReport } from './report.ts';
import { lanesFor, runAll, stopAll } from './runs.ts';
import { SCENES } from './scenes.ts';

/** Most of an attempt is waiting. */
const LANES = 3;
const PAGE = process.env['ZINETD_F1_REPORT'] ?? 'docs/reliability-f1.md';
const MINUTE_MS = 60_000;
/** After so long it comes to an end, however much is left. */
const LIMIT_MS = Number(process.env['ZINETD_F1_MINUTES'] ?? Number.POSITIVE_INFINITY) * MINUTE_MS;
/** For a look at some of them alone. */
const MEANT = process.env['ZINETD_F1_SCENES']?.split(',');
/** So many errnos of each call: with 1 each call is tried, as B10 asks. */
const MOST_ERRNOS = Number(process.env['ZINETD_F1_ERRNOS'] ?? Number.POSITIVE_INFINITY);

/** The likeliest errno of each call first, then all others: whoever ends the run early has seen each of them once. */
const PASSES: readonly (Effort & { readonly isSlow: boolean })[] = [
  { isSlow: false, from: 0, to: 1, each: 6, growth: 2, isOpen: true },
  { isSlow: true, from: 0, to: 1, each: 1, growth: 8 },
  { isSlow: false, from: 1, to: 9, each: 3, growth: 2 },
  { isSlow: true, from: 1, to: 9, each: 1, growth: Number.POSITIVE_INFINITY },
];

/** What there is of the report at any time: whoever ends the run has it. */
class Reporter {
  readonly rows: Row[] = [];
  readonly #startedMs = performance.now();
  readonly #coverage: Coverage;
  readonly #plans: readonly Plan[];
  #lastMs = 0;
  #wanted = 0;

  constructor(builds: Builds, plans: readonly Plan[]) {
    this.#coverage = new Coverage(builds);
    this.#plans = plans;
  }

  get isOver(): boolean {
    return performance.now() - this.#startedMs > LIMIT_MS;
  }

  want(jobs: number): void {
    this.#wanted += jobs;
  }

  add(row: Row): void {
    this.rows.push(row);
    if (performance.now() - this.#lastMs > MINUTE_MS) this.write({ isWhole: false });
  }

  write({ isWhole }: Pick<Progress, 'isWhole'>): void {
    this.#lastMs = performance.now();
    const progress = {
      ...{ isWhole, wanted: this.#wanted, processors: cpus().length },
      minutes: Math.round((this.#lastMs - this.#startedMs) / MINUTE_MS),
    };
    const branches = this.#coverage.of(this.#plans).branches();
    mkdirSync(dirname(PAGE), { recursive: true });
    writeFileSync(PAGE, renderReport(this.rows, branches, progress));
  }
}

/** In this process, which has the addon of F1 as well then. */
function failInHere(): { readonly plan: Plan; readonly rows: readonly Row[] } {
  const plan = new Plan(join(scratch('addon'), 'plan'));
  process.env['ZINETD_F1'] = plan.path;
  return { plan, rows: failAddon(plan, loadBinding([`${resolve('build/test/f1')}/`])) };
}

/** Every call of every scene, and the page of it. */
export async function wholeRun(): Promise<readonly Row[]> {
  const builds = makeBuilds();
  const addon = failInHere();
  const lanes = await lanesFor(builds, LANES);
  const [first] = lanes;
  const reporter = new Reporter(builds, [addon.plan, ...lanes.map(({ plan }) => plan)]);
  reporter.want(addon.rows.length);
  for (const row of addon.rows) reporter.add(row);
  const scenes = SCENES.filter(({ name }) => !MEANT || MEANT.includes(name));
  const passes = PASSES.filter(({ from }) => from < MOST_ERRNOS);
  for (const { isSlow, ...effort } of passes)
    for (const scene of scenes.filter((it) => it.isSlow === isSlow)) {
      const jobs = first && !reporter.isOver ? await jobsOf(first, scene, effort) : [];
      reporter.want(jobs.length);
      await runAll(lanes, jobs, {
        effort,
        isOver: () => reporter.isOver,
        onRow: (row) => reporter.add(row),
      });
    }
  reporter.write({ isWhole: !reporter.isOver && !MEANT && passes.length === PASSES.length });
  await stopAll(lanes);
  return reporter.rows;
}
