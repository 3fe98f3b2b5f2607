import { describe, expect, test } from 'vitest';
import { inTurns } from '../../src/dispatcher/in-turns.ts';
import { FakeWorld } from './fake-world.ts';

const STEPS = 100;
const STEP_MS = 1;
/** Two more than a turn is to take: its last step may be longer. */
const MOST_TURN_MS = 6;

/** Work of which each step takes its time. */
function* work(world: FakeWorld): Generator<void, string> {
  for (let step = 0; step < STEPS; step++) {
    world.timeMs += STEP_MS;
    yield;
  }
  return 'done';
}

describe('long work', () => {
  test('leaves the others their turns, and is done in the end (must show 8)', () => {
    const world = new FakeWorld();
    const results: string[] = [];
    const turns: number[] = [];
    let sinceMs = world.nowMs();
    const note = <T>(act: () => T): T => {
      sinceMs = world.nowMs();
      const result = act();
      turns.push(world.nowMs() - sinceMs);
      return result;
    };
    const after = (delayMs: number, callback: () => void) => world.after(delayMs, () => note(callback));
    const slow = { nowMs: world.nowMs, after };
    note(() => inTurns(work(world), { world: slow, done: (result) => results.push(result) }));
    while (results.length === 0) world.pass(1);
    expect(results).toEqual(['done']);
    expect(turns.length).toBeGreaterThan((STEPS * STEP_MS) / MOST_TURN_MS);
    expect(Math.max(...turns)).toBeLessThanOrEqual(MOST_TURN_MS);
  });

  test('that is called off is never done', () => {
    const world = new FakeWorld();
    const results: string[] = [];
    const callOff = inTurns(work(world), { world, done: (result) => results.push(result) });
    callOff();
    world.pass(1000);
    expect(results).toEqual([]);
  });
});
