import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AcceptGate } from '../../src/dispatcher/accept-gate.ts';
import type { Arrived } from '../../src/dispatcher/arrived.ts';
import { HeldArrivals } from '../../src/dispatcher/held-arrivals.ts';
import { ProxyPlaces } from '../../src/dispatcher/proxy-places.ts';
import { Bus } from '../../src/events/bus.ts';
import { FakeWorld } from './fake-world.ts';

const MOST = 128;
const MOST_OF_ONE = 64;

test('whoever was silent for the longest gives way: of the same proxy, or of all (S79)', () => {
  const places = new ProxyPlaces<string>();
  for (let count = 0; count < MOST_OF_ONE; count++) expect(places.enter(`a${count}`, 'a')).toBeUndefined();
  expect(places.enter('a64', 'a')).toBe('a0');
  places.leave('a1');
  expect(places.enter('a65', 'a')).toBeUndefined();
  for (let count = 0; count < MOST_OF_ONE; count++) expect(places.enter(`b${count}`, 'b')).toBeUndefined();
  expect(places.size).toBe(MOST);
  expect(places.enter('c0', 'c')).toBe('a2');
  expect(places.enter('b64', 'b')).toBe('b0');
  expect([...places]).toHaveLength(MOST);
});

test('nobody is let in twice or forgotten, whoever comes and goes (S79)', () => {
  const visit = fc.record({ proxy: fc.constantFrom('a', 'b', 'c', 'd'), leaves: fc.option(fc.nat(300)) });
  fc.assert(
    fc.property(fc.array(visit, { maxLength: 400 }), (visits) => {
      const places = new ProxyPlaces<number>();
      const inside = new Map<number, string>();
      for (const [number, { proxy, leaves }] of visits.entries()) {
        const displaced = places.enter(number, proxy);
        inside.set(number, proxy);
        if (displaced !== undefined) inside.delete(displaced);
        if (leaves !== null) {
          places.leave(leaves);
          inside.delete(leaves);
        }
        const ofOne = [...inside.values()].filter((each) => each === proxy).length;
        expect(ofOne).toBeLessThanOrEqual(MOST_OF_ONE);
      }
      expect(places.size).toBeLessThanOrEqual(MOST);
      expect([...places]).toEqual([...inside.keys()]);
    }),
  );
});

test('those who are known while their service rests are served in their order once it goes on', () => {
  const gate = new AcceptGate(new Bus(), new FakeWorld());
  const served: number[] = [];
  const arrived = (id: number, service = 0) => ({ connection: { id, service } }) as unknown as Arrived;
  const held: HeldArrivals = new HeldArrivals(gate, ({ connection: { id } }) => {
    served.push(id);
    // As a service whose limit is one, with the policy `queue`.
    gate.pause(0, 'queue:instances');
  });
  for (const id of [1, 2, 3, 4]) held.receive(arrived(id));
  expect(served).toEqual([1]);
  gate.pause(1, 'suspended');
  held.receive(arrived(5, 1));
  gate.resume(0, 'queue:instances');
  expect(served).toEqual([1, 2]);
  gate.resume(1, 'suspended');
  expect(served).toEqual([1, 2, 5]);
  expect(held.close().map(({ connection }) => connection.id)).toEqual([3, 4]);
  gate.resume(0, 'queue:instances');
  expect(served).toEqual([1, 2, 5]);
});
