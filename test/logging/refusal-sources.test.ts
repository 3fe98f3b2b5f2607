import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RefusalSources } from '../../src/logging/refusal-sources.ts';

const key = fc.record({
  group: fc.nat({ max: 3 }),
  source: fc.oneof(
    fc.uint8Array({ minLength: 4, maxLength: 4, max: 2 }),
    fc.uint8Array({ minLength: 16, maxLength: 16, max: 1 }),
  ),
});

describe('a table of sources', () => {
  test('finds what was added to it, under its own group and length, and nothing else', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.constantFrom(8, 512),
        fc.array(key, { maxLength: 300, size: 'max' }),
        (seed, capacity, keys) => {
          const table = new RefusalSources({ capacity, seed });
          const model = new Map<string, number>();
          for (const each of keys) {
            const name = `${each.group} ${each.source}`;
            expect(table.find(each)).toBe(model.get(name) ?? -1);
            if (model.has(name)) continue;
            const place = table.add(each);
            if (place >= 0) model.set(name, place);
          }
          for (const [name, place] of model)
            expect(`${table.groupAt(place)} ${table.sourceAt(place)}`).toBe(name);
          table.clear();
          for (const each of keys) expect(table.find(each)).toBe(-1);
        },
      ),
    );
  });

  test('takes as many as it is made for, and says no to every other', () => {
    const table = new RefusalSources({ capacity: 64, seed: 3 });
    const places = Array.from({ length: 5000 }, (_, number) =>
      table.add({ group: 0, source: Uint8Array.of(10, 0, number >> 8, number) }),
    );
    const taken = places.filter((place) => place >= 0);
    expect(taken.length).toBe(64);
    expect(new Set(taken).size).toBe(64);
    expect(Math.max(...taken)).toBeLessThan(table.places);
  });
});
