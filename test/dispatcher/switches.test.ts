import { expect, test } from 'vitest';
import type { SwitchesOptions } from '../../src/dispatcher/switches.ts';
import { Switches } from '../../src/dispatcher/switches.ts';
import { Bus } from '../../src/events/bus.ts';
import { FakeWorld } from './fake-world.ts';

const RETRY_MS = 5000;

/** A disk that takes nothing until it is mended. */
class FullDisk implements NonNullable<SwitchesOptions['file']> {
  writes = 0;
  isFull = true;

  readonly readAt = (): Uint8Array => new Uint8Array();
  readonly sync: NonNullable<SwitchesOptions['file']>['sync'] = (done) => done(undefined);
  readonly write: NonNullable<SwitchesOptions['file']>['write'] = (_, done) => {
    this.writes++;
    done(this.isFull ? { code: 'ENOSPC' } : undefined);
  };
}

test('what could not be saved is tried again, and no more often for having been ordered often', () => {
  const world = new FakeWorld();
  const bus = new Bus();
  const told: string[] = [];
  bus.subscribe(({ type }) => told.push(type));
  const file = new FullDisk();
  const switches = new Switches({ bus, world, file });
  let answers = 0;
  for (const service of ['a', 'b', 'c']) {
    expect(switches.turnOff(service, () => answers++)).toBe(true);
    world.pass(1000);
  }
  expect(answers, 'whoever asked hears of it').toBe(3);
  const before = file.writes;
  world.pass(2 * RETRY_MS);
  expect(file.writes - before).toBe(2);
  file.isFull = false;
  world.pass(RETRY_MS);
  const after = file.writes;
  world.pass(10 * RETRY_MS);
  expect(file.writes, 'then there is nothing left to do').toBe(after);
  expect(told.filter((type) => type.startsWith('state'))).toEqual(['state-failed', 'state-saved']);
});
