import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tellFigure } from '../harness/tell-figure.ts';
import { findImbalances } from './accounts.ts';
import { type ReloadKind, SoakRun } from './soak-run.ts';
import { trendsOf } from './trends.ts';

/** ZINETD_SOAK_SECONDS=3600 is what docs/reliability.md has figures of. */
const SECONDS = Number(process.env['ZINETD_SOAK_SECONDS'] ?? 10);
const REPORT = process.env['ZINETD_SOAK_REPORT'] ?? 'build/test/soak.json';
/** A little more than 200: nobody comes while all is counted. */
const PER_SECOND = 212;
const ROUND_SECONDS = Number(process.env['ZINETD_SOAK_ROUND'] ?? Math.min(58, Math.max(3, SECONDS / 4)));
const WARM_SECONDS = Math.min(30, SECONDS / 2);
const KINDS: readonly ReloadKind[] = ['permuted', 'changed', 'invalid', 'unchanged'];
const KILLS = { handler: 120, worker: 20 };
/** So long everything of zinetd stands still each time, as often as not: who comes meanwhile comes all at once. */
const HOLD_MS = 4000;
const HELD_SECONDS = Number(process.env['ZINETD_SOAK_HELD_SECONDS'] ?? 20);
const DEADLINE_MS = 60_000 + SECONDS * 2000;

/** What B1 allows for 900,000 connections. */
const MOST_KIB_PER_MILLION = 8192 / 0.9;
/** A slope says nothing of a run that has hardly begun. */
const SLOPES_FROM_SECONDS = 1200;

/** All figures so far: a run that is ended has some, too. */
function report(run: SoakRun, more: object): void {
  const { ledger, reaper, reloads, samples, delays } = run;
  const steady = samples.filter(({ atSeconds }) => atSeconds >= run.elapsedSeconds / 10);
  const figures = {
    ...{ seconds: run.elapsedSeconds, connections: run.traffic.begun, mostOpen: run.traffic.mostOpen },
    ...{ reloads, killed: reaper.killed, sights: ledger.sights, records: ledger.records, said: ledger.said },
    ...{
      violations: ledger.violations,
      warnings: ledger.warnings,
      trends: trendsOf(steady),
      delays,
      logBytes: run.logBytes,
    },
    ...{ first: samples[0], last: samples.at(-1), samples: samples.map(({ slab: _, ...rest }) => rest) },
  };
  mkdirSync(dirname(REPORT), { recursive: true });
  writeFileSync(REPORT, `${JSON.stringify({ ...figures, ...more }, null, 2)}\n`);
}

const MOST_DELAY_MS = { p99: 20, max: 100 };

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** For B2 and B7. */
function tellFigures({ ledger, reaper, reloads, traffic, delays }: SoakRun): void {
  const seen = Object.values(ledger.sights).flatMap((row) => Object.entries(row));
  const cut =
    seen.reduce((sum, [sight, count]) => sum + (sight === 'cut' ? count : 0), 0) - ledger.cameTo('refused');
  const [killed, renewed] = [sumOf(reaper.killed), sumOf(reloads)];
  const text = `${traffic.begun} connections of 15 kinds, ${renewed} reloads, ${killed} handlers and workers killed: each accepted connection has one last record, clients, log, metrics and control socket have the same numbers, ${cut} clients cut off, each with the record of a handler that was killed; ${ledger.violations.length} differences`;
  tellFigure({ bar: 'B2', text, holds: ledger.violations.length === 0 });
  const p99 = Math.max(...delays.map(({ p99Ms }) => p99Ms));
  const max = Math.max(...delays.map(({ maxMs }) => maxMs));
  tellFigure({
    bar: 'B7',
    text: `with ${renewed} reloads and ${killed} kills: p99 ${p99.toFixed(1)} ms, most ${max.toFixed(1)} ms in the worst of ${delays.length} rounds`,
    holds: p99 <= MOST_DELAY_MS.p99 && max <= MOST_DELAY_MS.max,
  });
}

describe('services of every kind', () => {
  test(
    `for ${SECONDS} s at 200 connections a second, with reloads and kills, leave nothing behind and lose nobody (F18, B1, B2, promise 4, promise 7)`,
    async () => {
      const run = await SoakRun.of({ perSecond: PER_SECOND, isLossy: false });
      const { ledger, reaper } = run;
      const act = () => reaper.start(KILLS);
      await run.round(WARM_SECONDS, { kind: 'changed', act });
      expect(await run.settle()).toEqual([]);
      const baseline = await run.baseline();
      await run.sample();
      for (let turn = 0; run.elapsedSeconds < SECONDS; turn++) {
        await run.round(ROUND_SECONDS, { kind: KINDS[turn % KINDS.length] ?? 'unchanged', act });
        const left = [...(await run.settle(baseline)), ...(await findImbalances(run))];
        const { processes, connections, atSeconds } = await run.sample();
        const at = `${atSeconds.toFixed(0)} s, ${connections} connections`;
        ledger.violations.push(...left.map((each) => `${at}: ${each}`));
        const figures = { processes, delay: run.delays.at(-1), killed: reaper.killed };
        console.info(at, JSON.stringify(figures), ledger.violations);
        report(run, { baseline });
      }
      if (run.elapsedSeconds >= SLOPES_FROM_SECONDS) ledger.violations.push(...(await run.lossesTold()));
      await run.zinetd.stop();
      run.readLog();
      report(run, { baseline, isWhole: true });
      run.close();
      tellFigures(run);
      expect(ledger.violations, 'nothing is left, and nobody lost (B1, B2)').toEqual([]);
      expect(ledger.records['refused']?.['refused'], 'each refusal is told of').toBe(
        ledger.cameTo('refused'),
      );
      // Whom a kill may have hit, at the most, where the log cannot tell.
      expect(ledger.sights['twait']?.['cut'] ?? 0).toBeLessThanOrEqual(reaper.killed['acceptor'] ?? 0);
      const again = (ledger.said['uwait'] ?? 0) - ledger.cameTo('uwait');
      expect(again, 'datagrams of handlers that were killed').toBeLessThanOrEqual(
        reaper.killed['datagrams'] ?? 0,
      );
      if (run.elapsedSeconds < SLOPES_FROM_SECONDS) return;
      const trends = trendsOf(run.samples.filter(({ atSeconds }) => atSeconds >= SECONDS / 10));
      for (const name of ['spawner', 'dispatcher', 'resolver'] as const) {
        expect(trends[name].pssKib, `${name}: memory for a million`).toBeLessThan(MOST_KIB_PER_MILLION);
      }
    },
    DEADLINE_MS,
  );

  test(
    'that stand still for seconds again and again serve all who came meanwhile, and lose nobody (F25, S9, B1, B2)',
    async () => {
      const run = await SoakRun.of({ perSecond: PER_SECOND, isLossy: false });
      const { ledger, reaper } = run;
      await run.round(WARM_SECONDS, { kind: 'unchanged' });
      expect(await run.settle()).toEqual([]);
      const baseline = await run.baseline();
      const act = () => {
        const holding = setInterval(() => reaper.hold(HOLD_MS), 2 * HOLD_MS);
        return () => clearInterval(holding);
      };
      await run.round(HELD_SECONDS, { kind: 'permuted', act });
      expect(await run.settle(baseline)).toEqual([]);
      expect([...ledger.violations, ...(await findImbalances(run))]).toEqual([]);
      await run.zinetd.stop();
      run.close();
    },
    DEADLINE_MS + HELD_SECONDS * 4000,
  );
});
