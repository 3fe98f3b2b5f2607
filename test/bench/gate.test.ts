import { describe, expect, it } from 'vitest';
import { ALLOWED_LOSS, compareRow, isFailure } from '../../bench/gate/compare.mjs';
import type { Outcome } from '../../bench/gate/gate.d.mts';
import { judgeRows } from '../../bench/gate/judge-rows.mjs';
import { renderGate } from '../../bench/gate/render-gate.mjs';
import { ROWS, scenesOf } from '../../bench/gate/rows.mjs';
import type { Result, Scene } from '../../bench/lib/scene.d.mts';

const RATE = { scene: 'raw', inFlight: 16, figure: 'perSecond', peer: 'xinetd' };
const LATENCY = { ...RATE, inFlight: 1, figure: 'p50Us' };

const measured = (ratio: number | undefined, more: Partial<Outcome> = {}): Outcome => {
  return { ratio, rounds: 3, fault: undefined, isOurs: false, isLate: false, isBusy: false, ...more };
};

describe('The gate', () => {
  it('keeps a row that is as good as it was, or better', () => {
    for (const ratio of [2, 2.5, 1.99]) {
      const judged = compareRow(RATE, { stored: 2, outcome: measured(ratio) });
      expect(judged.verdict).toBe('kept');
      expect(isFailure(judged)).toBe(false);
    }
  });

  it('allows a loss of 15 % and no more', () => {
    expect(ALLOWED_LOSS).toBe(0.15);
    expect(compareRow(RATE, { stored: 2, outcome: measured(1.71) }).verdict).toBe('kept');
    const judged = compareRow(RATE, { stored: 2, outcome: measured(1.69) });
    expect(judged.verdict).toBe('lost');
    expect(judged.loss).toBeCloseTo(0.155);
    expect(isFailure(judged)).toBe(true);
  });

  it('knows that less is better of latency', () => {
    expect(compareRow(LATENCY, { stored: 0.4, outcome: measured(0.3) }).verdict).toBe('kept');
    expect(compareRow(LATENCY, { stored: 0.4, outcome: measured(0.46) }).verdict).toBe('kept');
    expect(compareRow(LATENCY, { stored: 0.4, outcome: measured(0.48) }).verdict).toBe('lost');
  });

  it('skips a row that lost while the machine was busy, and keeps one that did not', () => {
    const busy = (ratio: number) =>
      compareRow(RATE, { stored: 2, outcome: measured(ratio, { isBusy: true }) });
    expect(busy(1).verdict).toBe('busy');
    expect(isFailure(busy(1))).toBe(false);
    expect(busy(2).verdict).toBe('kept');
  });

  it('fails where a connection of zinetd was not served, however fast the others were and however busy it was', () => {
    const fault = { fault: 'zinetd left connections unserved: 1 reset', isOurs: true };
    for (const isBusy of [true, false]) {
      const judged = compareRow(RATE, { stored: 2, outcome: measured(3, { ...fault, isBusy }) });
      expect(judged.verdict).toBe('broken');
      expect(isFailure(judged)).toBe(true);
    }
    expect(compareRow(RATE, { stored: 2, outcome: measured(undefined, fault) }).verdict).toBe('broken');
  });

  it('does not take a machine that stood still for a fault of zinetd', () => {
    const late = { fault: 'zinetd left connections unserved: 16 timeout', isOurs: true, isLate: true };
    const judge = (isBusy: boolean) =>
      compareRow(RATE, { stored: 2, outcome: measured(2, { ...late, isBusy }) });
    expect(judge(true).verdict).toBe('busy');
    expect(judge(false).verdict).toBe('broken');
  });

  it('does not fail because the peer does not serve, or because nothing is stored', () => {
    const outcome = measured(undefined, { fault: 'xinetd did not serve: gone' });
    const unmatched = compareRow(RATE, { stored: 2, outcome });
    expect(unmatched.verdict).toBe('unmatched');
    const unknown = compareRow(RATE, { stored: undefined, outcome: measured(0.1) });
    expect(unknown.verdict).toBe('not stored');
    expect([unmatched, unknown].some(isFailure)).toBe(false);
  });

  it('measures only what its rows need', () => {
    expect(scenesOf([LATENCY])).toMatchObject([{ name: 'raw', inFlight: [1], peers: ['xinetd'] }]);
    expect(scenesOf([])).toEqual([]);
    const [bulk] = scenesOf([{ ...RATE, scene: 'streams', inFlight: 1 }]);
    expect(bulk).toMatchObject({ bytes: 1_048_576, relayedBytes: 1_048_576, flags: ['-b', '1048576'] });
    const all = scenesOf(ROWS).flatMap(({ name, inFlight }) => inFlight.map((count) => `${name}/${count}`));
    expect(all.toSorted()).toEqual(ROWS.map(({ scene, inFlight }) => `${scene}/${inFlight}`).toSorted());
  });
});

describe('A run of the gate', () => {
  const figures = { figures: { perSecond: 0 }, errors: {}, total: 1, foreignShare: 0 };
  const stored = { 'raw/16/perSecond/xinetd': 2 };

  /** Measures the ratios in turn, and notes in how many rounds each. */
  async function run(ratios: readonly number[], share = 0) {
    const rounds: number[] = [];
    const told: string[] = [];
    const hold = async (scene: Scene, how: { rounds: number }): Promise<readonly Result[]> => {
      const rates = { zinetd: ratios[rounds.length] ?? Number.NaN, xinetd: 1 };
      rounds.push(how.rounds);
      return Object.entries(rates).map(([server, perSecond]) => {
        const samples = [{ ...figures, figures: { perSecond }, foreignShare: share }];
        return { server, scene: scene.name, inFlight: 16, samples };
      });
    };
    const session = { hold, tell: (line: string) => void told.push(line) };
    const lines = await judgeRows(session, { rows: [RATE], ratios: stored, rounds: 3, seconds: 0.3 });
    return { rounds, told, lines, text: renderGate(lines) };
  }

  it('measures once what is as good as it was', async () => {
    const { rounds, told, lines } = await run([2]);
    expect(rounds).toEqual([3]);
    expect(told).toEqual([]);
    expect(lines).toMatchObject([{ judged: { verdict: 'kept' } }]);
  });

  it('believes a loss only when it is there in three times as many rounds', async () => {
    const { rounds, told, lines } = await run([1, 2]);
    expect(rounds).toEqual([3, 9]);
    expect(told).toEqual(['Again: raw/16/perSecond/xinetd']);
    expect(lines).toMatchObject([{ judged: { verdict: 'kept' } }]);
  });

  it('says which row was lost, what it was and what it is', async () => {
    const { lines, text } = await run([1, 1.5]);
    expect(lines.some(({ judged }) => isFailure(judged))).toBe(true);
    const last = text.trimEnd().split('\n').at(-1);
    expect(last).toBe(
      "raw, 16 in flight: connections/s by xinetd's: stored 2.00, measured 1.50: **lost 25 %**, allowed are 15 %",
    );
  });

  it('says of a busy machine that it was', async () => {
    const { rounds, lines, text } = await run([1, 1], 0.3);
    expect(rounds).toEqual([3, 9]);
    expect(lines.some(({ judged }) => isFailure(judged))).toBe(false);
    expect(text).toContain('skipped: 50 % worse, but the machine was busy with other work');
  });
});
