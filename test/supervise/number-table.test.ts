import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Numbered, NumberTable } from '../../src/supervise/number-table.ts';

interface Row extends Numbered<Row> {
  readonly text: string;
}

/** As connections are numbered, by several dispatchers, each from its own beginning; the first ones share a bucket. */
const number = fc.oneof(
  fc.nat(12).map((index) => 4096 * index),
  fc.nat(400),
  fc.nat(400).map((low) => 2 ** 40 + low),
  fc.maxSafeNat(),
);
const steps = fc.array(fc.tuple(fc.constantFrom('add', 'remove', 'find'), number), {
  maxLength: 300,
  size: 'max',
});

describe('a table of numbers', () => {
  test('has what a Map would have, whatever comes and goes (B2)', () => {
    fc.assert(
      fc.property(steps, (given) => {
        const table = new NumberTable<Row>();
        const model = new Map<number, Row>();
        for (const [step, each] of given) {
          if (step === 'add' && !model.has(each)) {
            const row: Row = { number: each, next: undefined, text: `row ${each}` };
            table.add(row);
            model.set(each, row);
          } else if (step === 'remove') {
            expect(table.remove(each)).toBe(model.get(each));
            model.delete(each);
          }
          expect(table.find(each)).toBe(model.get(each));
          expect(table.size).toBe(model.size);
        }
        expect(new Set(table.all)).toEqual(new Set(model.values()));
      }),
    );
  });

  test('keeps thousands, and what is taken out leads to nothing any more', () => {
    const table = new NumberTable<Row>();
    const rows = Array.from(
      { length: 5000 },
      (_, index): Row => ({ number: index, next: undefined, text: '' }),
    );
    for (const row of rows) table.add(row);
    for (const row of rows) expect(table.find(row.number)).toBe(row);
    for (const row of rows) table.remove(row.number);
    expect(rows.every(({ next }) => next === undefined)).toBe(true);
    expect([table.size, table.all]).toEqual([0, []]);
  });
});
