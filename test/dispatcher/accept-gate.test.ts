import { describe, expect, test } from 'vitest';
import { AcceptGate } from '../../src/dispatcher/accept-gate.ts';
import { Bus } from '../../src/events/bus.ts';
import type { LiveListener } from '../../src/listeners/live-listener.ts';
import { FakeWorld } from './fake-world.ts';

/** A gate with two listeners that note what is done to them, and timers that a test lets run. */
function gateOf() {
  const bus = new Bus();
  const told: string[] = [];
  const timers: (() => void)[] = [];
  const done: string[] = [];
  bus.subscribe((event) => told.push(event.type));
  const world = Object.assign(new FakeWorld(), {
    after: (_delayMs: number, callback: () => void) => {
      timers.push(callback);
      return () => {};
    },
  });
  const gate = new AcceptGate(bus, world);
  const listeners = ['a', 'b'].map((name, service) => {
    const note = (what: string) => (reason: string) => done.push(`${name} ${what} ${reason}`);
    return {
      service,
      pause: note('pause'),
      resume: note('resume'),
      close: () => {},
    } as unknown as LiveListener;
  });
  for (const listener of listeners) gate.add(listener);
  const [first] = listeners;
  if (!first) throw new Error('There is no listener');
  return { gate, told, timers, done, first };
}

describe('the accept gate', () => {
  test('tells of a shortage once, however long it lasts, and of its end (B5)', () => {
    const { gate, told, timers, done, first } = gateOf();
    for (let round = 0; round < 5; round++) {
      gate.starved(first, { service: 'echo', code: 'EMFILE' });
      timers.shift()?.();
    }
    expect(told).toEqual(['paused']);
    expect(done).toEqual(new Array(5).fill('a resume descriptors'));
    gate.recovered(first, 'echo');
    gate.recovered(first, 'echo');
    expect(told).toEqual(['paused', 'resumed']);
  });

  test('lets clients wait in the queue of the kernel while many launches are under way', () => {
    const { gate, done } = gateOf();
    gate.launching(255);
    expect(done).toEqual([]);
    gate.launching(256);
    gate.launching(257);
    expect(done).toEqual(['a pause launches', 'b pause launches']);
    done.length = 0;
    gate.launching(129);
    expect(done).toEqual([]);
    gate.launching(128);
    gate.launching(127);
    expect(done).toEqual(['a resume launches', 'b resume launches']);
  });

  test('lets those of one service wait, and no others, while many of its launches are under way (S89)', () => {
    const { gate, done } = gateOf();
    gate.launchingOf(1, 31);
    gate.launchingOf(0, 31);
    expect(done).toEqual([]);
    gate.launchingOf(1, 32);
    gate.launchingOf(1, 33);
    expect(done).toEqual(['b pause launches-of-one']);
    done.length = 0;
    gate.launchingOf(1, 17);
    gate.launchingOf(0, 3);
    expect(done).toEqual([]);
    gate.launchingOf(1, 16);
    gate.launchingOf(1, 15);
    expect(done).toEqual(['b resume launches-of-one']);
  });

  test('holds a listener that is opened meanwhile for every reason that its service has', () => {
    const { gate, done, first } = gateOf();
    gate.pause(0, 'suspended');
    gate.pause(0, 'queue:instances');
    gate.pause(1, 'queue:cps');
    gate.resume(0, 'suspended');
    gate.launching(256);
    gate.remove(first);
    done.length = 0;
    gate.add(first);
    expect(done).toEqual(['a pause launches', 'a pause queue:instances']);
    gate.resume(0, 'queue:instances');
    expect(done.slice(2)).toEqual(['a resume queue:instances']);
  });
});
