import { expect, test } from 'vitest';
import { SourcePlaces } from '../../src/dispatcher/source-places.ts';

const of = (service: number, source: number) => ({ service, source: Uint32Array.of(source) });

test('one source has half of the places of a service, and all sources together have all of them (S79)', () => {
  const places = new SourcePlaces();
  const taken = [places.take(of(0, 1), 4), places.take(of(0, 1), 4)];
  expect(places.take(of(0, 1), 4)).toBeUndefined();
  expect(places.take(of(1, 1), 4)).toBeDefined();
  places.take(of(0, 2), 4);
  places.take(of(0, 3), 4);
  expect(places.take(of(0, 4), 4)).toBeUndefined();
  taken[0]?.();
  expect(places.take(of(0, 1), 4)).toBeDefined();
});

test('one place is for anybody', () => {
  const places = new SourcePlaces();
  const giveBack = places.take(of(0, 1), 1);
  expect(places.take(of(0, 2), 1)).toBeUndefined();
  giveBack?.();
  expect(places.take(of(0, 2), 1)).toBeDefined();
});
