import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextArrival, rateLimit, retryAfterMs } from '../../src/admission/gcra.ts';
import { ABSENT } from '../../src/admission/key-sets.ts';
import { keyedHash } from '../../src/admission/keyed-hash.ts';
import { DEFAULT_SOURCE_PREFIXES, sourceKeyWriter } from '../../src/admission/source-key.ts';
import { SourceTable, type SourceTicket } from '../../src/admission/source-table.ts';

const HASH = keyedHash(Uint32Array.of(0x0123_4567, 0x89ab_cdef));

/** Sixteen slots are one set: every source may displace every other. */
const ONE_SET = 16;

function tableOf(capacity: number): SourceTable {
  return new SourceTable({ capacity, hash: HASH });
}

function source(number: number): Uint32Array {
  return Uint32Array.of(0, 0, 0xffff, number);
}

/** A table whose only set is full: source n recovers at 1000 + n. */
function fullTable(): SourceTable {
  const table = tableOf(ONE_SET);
  for (let number = 0; number < ONE_SET; number++) {
    table.charge(table.findOrInsert(source(number), { scope: 0, now: 0 }), 1000 + number);
  }
  return table;
}

function known(table: SourceTable, number: number): boolean {
  return table.find(source(number), 0) !== ABSENT;
}

describe('the source table', () => {
  /** What a plain map would know of a source. */
  interface Model {
    arrival: number;
    tickets: SourceTicket[];
  }

  const steps = fc.array(
    fc.record({
      act: fc.constantFrom('charge', 'reserve', 'release', 'look'),
      number: fc.nat({ max: 4 }),
      scope: fc.nat({ max: 1 }),
      value: fc.nat({ max: 1000 }),
    }),
    { maxLength: 200 },
  );

  test('knows what a map would know, as long as there is room', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const table = tableOf(4096);
        const models = new Map<string, Model>();
        for (const [now, { act, number, scope, value }] of list.entries()) {
          const name = `${number}/${scope}`;
          if (act === 'look') {
            const model = models.get(name);
            const slot = table.find(source(number), scope);
            expect(slot !== ABSENT).toBe(model !== undefined);
            expect(table.arrival(slot)).toBe(model?.arrival ?? 0);
            expect(table.running(slot)).toBe(model?.tickets.length ?? 0);
            continue;
          }
          const model = models.get(name) ?? { arrival: 0, tickets: [] };
          models.set(name, model);
          // Charged far ahead: an entry that has recovered may go at any time.
          if (model.arrival === 0) model.arrival = 1e6;
          const slot = table.findOrInsert(source(number), { scope, now });
          table.charge(slot, model.arrival);
          if (act === 'charge') {
            model.arrival = 1e6 + value;
            table.charge(slot, model.arrival);
          }
          if (act === 'reserve') model.tickets.push(table.reserve(slot));
          const ticket = act === 'release' ? model.tickets.pop() : undefined;
          if (ticket !== undefined) table.release(ticket);
        }
        expect(table.size).toBe(models.size);
        expect([table.evicted, table.untracked]).toEqual([0, 0]);
      }),
    );
  });

  test('counts back to zero whatever came between, even when nothing fits any more (S9, S10)', () => {
    const moves = fc.array(
      fc.record({ number: fc.nat({ max: 40 }), spend: fc.nat({ max: 3 }), pick: fc.nat() }),
      { maxLength: 150 },
    );
    fc.assert(
      fc.property(moves, (list) => {
        const table = tableOf(ONE_SET);
        const open: { number: number; ticket: SourceTicket }[] = [];
        for (const [now, { number, spend, pick }] of list.entries()) {
          const slot = table.findOrInsert(source(number), { scope: 0, now });
          open.push({ number, ticket: table.reserve(slot) });
          for (let each = 0; each < spend && open.length > 0; each++) {
            for (const { ticket } of open.splice(pick % open.length, 1)) table.release(ticket);
          }
          for (let each = 0; each <= 40; each++) {
            const tracked = open.filter((it) => it.number === each && it.ticket.slot !== ABSENT);
            expect(table.running(table.find(source(each), 0))).toBe(tracked.length);
          }
        }
        for (const { ticket } of open) table.release(ticket);
        for (let slot = 0; slot < ONE_SET; slot++) expect(table.running(slot)).toBe(0);
      }),
    );
  });

  test('calls a ticket that is released twice, or whose entry is another by now, a bug', () => {
    const table = tableOf(ONE_SET);
    const ticket = table.reserve(table.findOrInsert(source(1), { scope: 0, now: 0 }));
    table.release(ticket);
    expect(() => table.release(ticket)).toThrow(/not reserved/);
    for (let number = 2; number < 40; number++) {
      table.reserve(table.findOrInsert(source(number), { scope: 0, now: 0 }));
    }
    expect(table.running(ticket.slot)).toBe(1);
    expect(() => table.release(ticket)).toThrow(/not reserved/);
    expect(table.running(ticket.slot)).toBe(1);
  });

  test('keeps the services apart', () => {
    const table = tableOf(64);
    const slot = table.findOrInsert(source(1), { scope: 1, now: 0 });
    table.reserve(slot);
    expect(table.find(source(1), 2)).toBe(ABSENT);
    expect(table.running(table.find(source(1), 1))).toBe(1);
  });
});

describe('a full set of the source table', () => {
  test('forgets first a source that has recovered', () => {
    const table = fullTable();
    table.charge(table.find(source(9), 0), 5);
    table.findOrInsert(source(100), { scope: 0, now: 5 });
    expect([known(table, 9), known(table, 0), known(table, 100)]).toEqual([false, true, true]);
    expect(table.evicted).toBe(0);
  });

  test('forgets otherwise the one that recovers soonest, and counts it', () => {
    const table = fullTable();
    table.findOrInsert(source(100), { scope: 0, now: 5 });
    expect([known(table, 0), known(table, 1), known(table, 100)]).toEqual([false, true, true]);
    expect([table.evicted, table.size]).toEqual([1, ONE_SET]);
    // The newcomer has done nothing yet: there is nothing to forget.
    table.findOrInsert(source(101), { scope: 0, now: 5 });
    expect([known(table, 100), known(table, 1), table.evicted]).toEqual([false, true, 1]);
  });

  test('gives a newcomer nothing of the one before', () => {
    const table = fullTable();
    const slot = table.findOrInsert(source(100), { scope: 0, now: 5000 });
    expect([table.arrival(slot), table.running(slot)]).toEqual([0, 0]);
  });

  test('never forgets a source with a running handler (S9)', () => {
    const table = fullTable();
    const ticket = table.reserve(table.find(source(3), 0));
    for (let number = 100; number < 200; number++)
      table.findOrInsert(source(number), { scope: 0, now: 9000 });
    expect(table.running(table.find(source(3), 0))).toBe(1);
    table.release(ticket);
    for (let number = 100; number < 200; number++) {
      table.charge(table.findOrInsert(source(number), { scope: 0, now: 9000 }), 99_999);
    }
    expect(known(table, 3)).toBe(false);
  });

  test('keeps those who owe most when newcomers flood it (S77)', () => {
    const table = fullTable();
    for (const number of [0, 5]) table.charge(table.find(source(number), 0), 9000 + number);
    for (let number = 100; number < 300; number++) {
      table.charge(table.findOrInsert(source(number), { scope: 0, now: 1999 }), 2100 + number);
    }
    expect([known(table, 0), known(table, 5)]).toEqual([true, true]);
  });

  test('serves a newcomer untracked when all are kept, and counts it', () => {
    const table = fullTable();
    const tickets = Array.from({ length: ONE_SET }, (_, number) =>
      table.reserve(table.find(source(number), 0)),
    );
    const slot = table.findOrInsert(source(100), { scope: 0, now: 5000 });
    expect([slot, table.untracked]).toEqual([ABSENT, 1]);
    table.charge(slot, 6000);
    table.release(table.reserve(slot));
    expect([table.arrival(slot), table.running(slot)]).toEqual([0, 0]);
    for (const ticket of tickets) table.release(ticket);
    expect(table.findOrInsert(source(100), { scope: 0, now: 5000 })).not.toBe(ABSENT);
  });
});

describe('a limit by source', () => {
  const limit = rateLimit({ count: 1, perMs: 1000, burst: 3 });

  /** How many of so many connections at one moment are let in. */
  function admitted(table: SourceTable, addresses: Iterable<Uint8Array>): number {
    const writeKey = sourceKeyWriter(DEFAULT_SOURCE_PREFIXES);
    const key = new Uint32Array(4);
    let count = 0;
    for (const address of addresses) {
      writeKey(address, key);
      const moment = { arrival: table.arrival(table.find(key, 0)), now: 50 };
      if (retryAfterMs(limit, moment) > 0) continue;
      table.charge(table.findOrInsert(key, { scope: 0, now: 50 }), nextArrival(limit, moment));
      count++;
    }
    return count;
  }

  function* hostsOf(network: readonly number[], count: number): Generator<Uint8Array> {
    for (let host = 0; host < count; host++) {
      yield Uint8Array.of(...network, 0, 0, 0, 0, 0, 0, host >> 8, host & 0xff);
    }
  }

  test('counts 10,000 addresses of a /64 as one source, and the next /64 as another (S49)', () => {
    const table = tableOf(65_536);
    expect(admitted(table, hostsOf([0x20, 1, 0xd, 0xb8, 0, 0, 0, 1], 10_000))).toBe(3);
    expect(admitted(table, hostsOf([0x20, 1, 0xd, 0xb8, 0, 0, 0, 2], 10_000))).toBe(3);
    expect(table.size).toBe(2);
  });

  test('that one IPv4 address has used up is untouched for its neighbour (S48)', () => {
    const table = tableOf(65_536);
    const mapped = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 44, 5, 6);
    const plain = Uint8Array.of(127, 44, 5, 6);
    expect(admitted(table, [plain, mapped, plain, mapped, plain])).toBe(3);
    expect(admitted(table, new Array<Uint8Array>(5).fill(Uint8Array.of(127, 44, 5, 7)))).toBe(3);
  });
});

describe('2,000,000 sources', () => {
  test('take the memory that was allocated, and leave those that owe most and the running alone (S77)', () => {
    const before = process.memoryUsage().arrayBuffers;
    const table = tableOf(65_536);
    const bytes = process.memoryUsage().arrayBuffers - before;
    expect(bytes / table.capacity).toBeLessThan(80);
    const kept = Array.from({ length: 500 }, (_, number) => {
      const slot = table.findOrInsert(source(number), { scope: 0, now: 0 });
      if (number % 2 === 0) table.charge(slot, 1e9);
      return number % 2 === 0 ? undefined : table.reserve(slot);
    });
    for (let number = 1000; number < 2_001_000; number++) {
      const slot = table.findOrInsert(source(number), { scope: 0, now: 1 });
      table.charge(slot, 1000 + (number % 1000));
    }
    for (let number = 0; number < kept.length; number++) expect(known(table, number)).toBe(true);
    for (const ticket of kept) if (ticket !== undefined) table.release(ticket);
    expect(table.size).toBe(table.capacity);
    expect(table.evicted).toBeGreaterThan(1_900_000);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(bytes + 1_000_000);
  });
});
