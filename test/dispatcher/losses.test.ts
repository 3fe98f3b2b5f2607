import { expect, test } from 'vitest';
import { Losses } from '../../src/dispatcher/losses.ts';
import { Bus } from '../../src/events/bus.ts';
import type { ZinetdEvent } from '../../src/events/event.ts';
import { FakeWorld } from './fake-world.ts';

function lossesOf() {
  const world = new FakeWorld();
  const bus = new Bus();
  const events: ZinetdEvent[] = [];
  bus.subscribe((event) => events.push(event));
  const losses = new Losses({ bus, after: world.after, nameOf: (service) => `service-${service}` });
  return { losses, world, events };
}

const dropped = (service: string, count: number) => ({ type: 'datagrams-dropped', service, count });

test('datagrams that are lost are told of at once, then together each minute (S118)', () => {
  const { losses, world, events } = lossesOf();
  for (let count = 0; count < 100; count++) losses.add(0, 1);
  losses.add(1, 3);
  expect(events).toEqual([dropped('service-0', 1), dropped('service-1', 3)]);
  world.pass(60_000);
  expect(events.slice(2)).toEqual([dropped('service-0', 99)]);
});

test('those of the last minute are told of when zinetd stops (promise 7)', () => {
  const { losses, world, events } = lossesOf();
  losses.add(0, 1);
  losses.add(0, 4);
  losses.flush();
  expect(events).toEqual([dropped('service-0', 1), dropped('service-0', 4)]);
  world.pass(120_000);
  expect(events.length).toBe(2);
});
