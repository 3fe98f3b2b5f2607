import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ROWS } from '../../bench/gate/rows.mjs';
import { figuresOf } from '../../bench/lib/figures.mjs';
import { GOALS, keyOf, REASONS } from '../../bench/lib/goals.mjs';
import type { Result, Sample } from '../../bench/lib/scene.d.mts';
import { SCENES } from '../../bench/lib/scenes.mjs';
import { excessOf, reachedOf } from '../../bench/report/judge.mjs';
import { SERVERS } from '../../bench/servers/all.mjs';

interface Stored {
  readonly ratios: Readonly<Record<string, number>>;
}

const sceneOf = (name: string) => {
  const scene = SCENES.find((each) => each.name === name);
  if (!scene) throw new Error(`No scene "${name}"`);
  return scene;
};

const sample = (perSecond: number): Sample => {
  return { figures: { perSecond }, errors: {}, total: 1, foreignShare: 0 };
};

const result = (server: string, rates: readonly number[], scene = 'raw'): Result => {
  return { server, scene, inFlight: 16, samples: rates.map(sample) };
};

const GOAL = { scene: 'raw', inFlight: 16, figure: 'perSecond', peer: 'xinetd' };

describe('The tables of the bench', () => {
  it('have goals, and rows of the gate, of what is measured only', () => {
    for (const { scene, inFlight, figure, peer } of [...GOALS, ...ROWS]) {
      const found = sceneOf(scene);
      expect(found.inFlight).toContain(inFlight);
      expect(Object.keys(figuresOf(found))).toContain(figure);
      if (peer !== undefined && peer !== 'best') expect(found.peers).toContain(peer);
    }
  });

  it('have peers that there are', () => {
    const names = SERVERS.map(({ name }) => name);
    for (const { peers } of SCENES) for (const peer of peers) expect(names).toContain(peer);
    expect(new Set(SCENES.map(({ name }) => name)).size).toBe(SCENES.length);
  });

  it('have ratios stored of rows of the gate only', () => {
    const { ratios } = JSON.parse(readFileSync('bench/gate/stored.json', 'utf8')) as Stored;
    for (const [key, ratio] of Object.entries(ratios)) {
      expect(ROWS.map(keyOf)).toContain(key);
      expect(ratio).toBeGreaterThan(0);
    }
  });

  it('have reasons for goals only', () => {
    for (const key of Object.keys(REASONS)) expect(GOALS.map(keyOf)).toContain(key);
  });
});

describe('What was reached of a goal', () => {
  const scene = sceneOf('raw');

  it('is the ratio of the medians, and its range is that of the rounds', () => {
    const results = [result('zinetd', [10, 30, 20]), result('xinetd', [10, 10, 5])];
    expect(reachedOf(results, { goal: GOAL, scene })).toMatchObject({ median: 2, min: 1, max: 4 });
  });

  it('is the figure itself where there is no peer', () => {
    const goal = { ...GOAL, peer: undefined };
    expect(reachedOf([result('zinetd', [10, 30, 20])], { goal, scene })).toMatchObject({ median: 20 });
  });

  it('is by the fastest where the best peer is meant, and not by one that did not serve', () => {
    const others = [
      result('xinetd', [5]),
      result('ipsvd', [8]),
      result('busybox', []),
      result('zinetd', [4]),
    ];
    const reached = reachedOf(others, { goal: { ...GOAL, peer: 'best' }, scene });
    expect(reached).toMatchObject({ median: 0.5, peer: 'ipsvd' });
  });

  it('is nothing where one of the two was not measured', () => {
    expect(reachedOf([result('zinetd', []), result('xinetd', [1])], { goal: GOAL, scene })).toBeUndefined();
    expect(reachedOf([result('zinetd', [1])], { goal: GOAL, scene })).toBeUndefined();
  });

  it('is bytes in a time where connections carry them', () => {
    const streams = sceneOf('bulk');
    const goal = { scene: 'bulk', inFlight: 16, figure: 'megabytesPerSecond', peer: undefined };
    const reached = reachedOf([result('zinetd', [2], 'bulk')], { goal, scene: streams });
    expect(reached?.median).toBeCloseTo((2 * (streams.bytes ?? 0)) / 1e6);
  });

  it('is above a goal or below it, whichever way is better', () => {
    expect(excessOf({ bound: 'at least', value: 2 }, 3)).toBeCloseTo(0.5);
    expect(excessOf({ bound: 'at least', value: 2 }, 1)).toBeCloseTo(-0.5);
    expect(excessOf({ bound: 'at most', value: 0.5 }, 0.25)).toBeCloseTo(1);
    expect(excessOf({ bound: 'at most', value: 0.5 }, 1)).toBeCloseTo(-0.5);
  });
});
