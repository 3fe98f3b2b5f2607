import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BanOverflow, BanTable, NO_SERVICE } from '../../src/admission/ban-table.ts';
import { keyedHash } from '../../src/admission/keyed-hash.ts';
import { addPenalty } from '../../src/admission/penalty.ts';

const HASH = keyedHash(Uint32Array.of(7, 11));
const LIMITS = { thresholdMs: 15_000, maxMs: 60_000 };
const CRASH = 1;
const SENSOR = 2;
const ORDERED = 3;

function tableOf(capacity: number, overflow: BanOverflow = 'permissive'): BanTable {
  return new BanTable({ capacity, hash: HASH, overflow });
}

function source(number: number): Uint32Array {
  return Uint32Array.of(0, 0, 0xffff, number);
}

function offence(addMs: number, now: number) {
  return { addMs, now, limits: LIMITS, reason: CRASH, service: 4 };
}

function order(until: number, now = 0) {
  return { until, now, reason: ORDERED, service: NO_SERVICE, byOperator: true };
}

function catchBySensor(until: number, now = 0) {
  return { until, now, reason: SENSOR, service: 4, byOperator: false };
}

/** One set, full of penalties that are not in force; that of source n expires at 1000 + n. */
function fullTable(overflow: BanOverflow): BanTable {
  const table = tableOf(16, overflow);
  for (let number = 0; number < 16; number++) table.penalise(source(number), offence(1000 + number, 0));
  return table;
}

describe('the ban table', () => {
  test('adds up penalties, says when they come into force, and lets them expire', () => {
    const table = tableOf(64);
    expect(table.penalise(source(1), offence(10_000, 0))).toBe('pending');
    expect(table.find(source(1), 1)).toMatchObject({ inForce: false, until: 10_000, count: 1 });
    expect(table.penalise(source(1), offence(10_000, 1))).toBe('came_into_force');
    expect(table.penalise(source(1), offence(10_000, 2))).toBe('in_force');
    expect(table.find(source(1), 29_999)).toEqual({
      key: source(1),
      until: 30_000,
      inForce: true,
      byOperator: false,
      reason: CRASH,
      service: 4,
      count: 3,
    });
    expect(table.find(source(1), 30_000)).toBeUndefined();
    expect(table.penalise(source(1), offence(10_000, 30_000))).toBe('pending');
    expect(table.find(source(1), 30_001)?.count).toBe(1);
  });

  test('records nothing for an outcome that costs nothing', () => {
    const table = tableOf(64);
    expect(table.penalise(source(1), offence(0, 0))).toBe('nothing');
    expect(table.size).toBe(0);
  });

  test('lets the operator ban for ever, for less, and not at all', () => {
    const table = tableOf(64);
    table.ban(source(1), order(Number.POSITIVE_INFINITY));
    expect(table.find(source(1), 1e15)).toMatchObject({
      inForce: true,
      byOperator: true,
      service: NO_SERVICE,
    });
    table.ban(source(1), order(500));
    expect(table.find(source(1), 499)?.until).toBe(500);
    expect(table.unban(source(1), 1)).toBe(true);
    expect(table.find(source(1), 1)).toBeUndefined();
    expect([table.unban(source(1), 1), table.size]).toEqual([false, 0]);
  });

  test('keeps the word of the operator when the source goes on', () => {
    const table = tableOf(64);
    table.ban(source(1), order(1_000_000));
    expect(table.penalise(source(1), offence(20_000, 10))).toBe('in_force');
    table.ban(source(1), catchBySensor(500, 20));
    const ban = table.find(source(1), 30);
    expect(ban).toMatchObject({ until: 1_000_000, byOperator: true, reason: ORDERED, count: 3 });
  });

  test('makes a ban by a sensor last longer at most', () => {
    const table = tableOf(64);
    table.penalise(source(1), offence(50_000, 0));
    table.ban(source(1), catchBySensor(1000));
    expect(table.find(source(1), 1)).toMatchObject({ until: 50_000, reason: SENSOR, inForce: true });
    table.ban(source(1), catchBySensor(70_000));
    expect(table.find(source(1), 1)?.until).toBe(70_000);
  });

  test('knows what a map would know, as long as there is room', () => {
    const steps = fc.array(
      fc.record({
        act: fc.constantFrom('penalise', 'order', 'unban', 'sweep', 'look'),
        number: fc.nat({ max: 20 }),
        gapMs: fc.nat({ max: 10_000 }),
        valueMs: fc.nat({ max: 30_000 }),
      }),
      { maxLength: 150 },
    );
    fc.assert(
      fc.property(steps, (list) => {
        const table = tableOf(4096);
        const models = new Map<number, { until: number; inForce: boolean }>();
        let now = 0;
        for (const { act, number, gapMs, valueMs } of list) {
          now += gapMs;
          for (const [name, { until }] of models) if (until <= now) models.delete(name);
          if (act === 'penalise' && valueMs > 0) {
            table.penalise(source(number), offence(valueMs, now));
            models.set(number, addPenalty(models.get(number), { addMs: valueMs, now, limits: LIMITS }));
          }
          if (act === 'order') {
            table.ban(source(number), order(now + valueMs, now));
            models.set(number, { until: now + valueMs, inForce: true });
            if (valueMs === 0) models.delete(number);
          }
          if (act === 'unban') expect(table.unban(source(number), now)).toBe(models.delete(number));
          if (act === 'sweep') table.sweep(now, valueMs % 5000);
          const { until, inForce } = table.find(source(number), now) ?? {};
          expect({ until, inForce }).toEqual(models.get(number) ?? { until: undefined, inForce: undefined });
        }
        const entries = Array.from(table.entries(now), ({ key, until, inForce }) => [
          key[3],
          { until, inForce },
        ]);
        expect(new Map(entries as [number, { until: number; inForce: boolean }][])).toEqual(models);
        table.sweep(now, 4096);
        expect([table.size, table.unrecorded, table.displaced]).toEqual([models.size, 0, 0]);
      }),
    );
  });

  test('is listed in portions, each ban once', () => {
    const table = tableOf(1024);
    for (let number = 0; number < 200; number++) table.ban(source(number), order(5000));
    const numbers: (number | undefined)[] = [];
    for (let from = 0; from < table.capacity; from += 300) {
      for (const { key } of table.entries(1, { from, to: from + 300 })) numbers.push(key[3]);
    }
    expect(numbers.sort((a = 0, b = 0) => a - b)).toEqual(Array.from({ length: 200 }, (_, number) => number));
  });

  test('frees what has expired in portions', () => {
    const table = tableOf(1024);
    for (let number = 0; number < 200; number++) table.penalise(source(number), offence(1000, 0));
    expect(table.sweep(999, 1024)).toBe(0);
    let freed = 0;
    for (let portion = 0; portion < 8; portion++) freed += table.sweep(1000, 128);
    expect([freed, table.size]).toEqual([200, 0]);
  });
});

describe('a full set of the ban table', () => {
  test('leaves a newcomer out where that is the policy, and counts it (S62)', () => {
    const table = fullTable('permissive');
    expect(table.penalise(source(100), offence(20_000, 1))).toBe('unrecorded');
    expect(table.ban(source(101), catchBySensor(20_000, 1))).toBe(false);
    expect([table.unrecorded, table.displaced, table.size]).toEqual([2, 0, 16]);
    expect(table.find(source(0), 1)).toBeDefined();
  });

  test('displaces what expires soonest and is not in force where that is the policy (S62)', () => {
    const table = fullTable('oldest');
    table.penalise(source(0), offence(20_000, 0));
    expect(table.penalise(source(100), offence(500, 1))).toBe('pending');
    expect(table.find(source(1), 1)).toBeUndefined();
    expect([table.find(source(0), 1)?.inForce, table.displaced]).toEqual([true, 1]);
  });

  test('has room as soon as one has expired', () => {
    const table = fullTable('permissive');
    expect(table.penalise(source(100), offence(20_000, 1000))).toBe('came_into_force');
    expect(table.unrecorded).toBe(0);
  });

  test('never ends a ban for a newcomer, only for the operator, and none of the operator (S62)', () => {
    for (const overflow of ['permissive', 'oldest'] as const) {
      const table = fullTable(overflow);
      for (let number = 0; number < 16; number++) table.ban(source(number), catchBySensor(9000 + number, 1));
      for (let number = 100; number < 200; number++) table.penalise(source(number), offence(60_000, 2));
      expect(table.unrecorded).toBe(100);
      expect(Array.from(table.entries(2)).every(({ until }) => until < 9100)).toBe(true);
      for (let number = 200; number < 216; number++)
        expect(table.ban(source(number), order(5000, 3))).toBe(true);
      expect(table.ban(source(300), order(5000, 3))).toBe(false);
      expect(Array.from(table.entries(3)).every(({ byOperator }) => byOperator)).toBe(true);
    }
  });

  test('gives the operator what is not in force before a ban, and then the one that ends soonest (S62)', () => {
    const table = fullTable('permissive');
    for (let number = 0; number < 15; number++) table.ban(source(number), catchBySensor(500 + number, 1));
    expect(table.ban(source(100), order(5000, 2))).toBe(true);
    expect(table.find(source(15), 2)).toBeUndefined();
    expect(table.ban(source(101), order(5000, 2))).toBe(true);
    const left = Array.from({ length: 15 }, (_, number) => table.find(source(number), 2) !== undefined);
    expect(left).toEqual(left.map((_, number) => number !== 0));
  });
});
