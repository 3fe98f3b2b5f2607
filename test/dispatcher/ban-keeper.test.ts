import { describe, expect, test } from 'vitest';
import { BanTable, NO_SERVICE } from '../../src/admission/ban-table.ts';
import { keyedHash } from '../../src/admission/keyed-hash.ts';
import { BanKeeper } from '../../src/dispatcher/ban-keeper.ts';
import { readKeptBans } from '../../src/dispatcher/read-kept-bans.ts';
import { Bus } from '../../src/events/bus.ts';
import type { ZinetdEvent } from '../../src/events/event.ts';
import { FakeStateFile } from './fake-state-file.ts';
import { FakeWorld } from './fake-world.ts';

const HOUR_MS = 3_600_000;
const PREFIXES = { ipv4: 32, ipv6: 64 };
const CAPACITY = 256;

interface RunOptions {
  readonly file: FakeStateFile;
  readonly world?: FakeWorld;
  readonly capacity?: number;
  readonly prefixes?: typeof PREFIXES;
  readonly services?: readonly string[];
}

function keyOf(number: number): Uint32Array {
  return Uint32Array.of(0, 0, 0xffff, number);
}

/** One life of a dispatcher, from its start on. */
class Life {
  readonly file: FakeStateFile;
  readonly world: FakeWorld;
  readonly events: ZinetdEvent[] = [];
  readonly table: BanTable;
  readonly keeper: BanKeeper;

  constructor(options: RunOptions) {
    const { file, world = new FakeWorld(), capacity = CAPACITY, prefixes = PREFIXES } = options;
    this.file = file;
    this.world = world;
    const bus = new Bus();
    bus.subscribe((event) => this.events.push(event));
    const kept = readKeptBans({ file, bus, prefixes });
    const secret = kept.slot?.secret ?? world.secret();
    this.table = new BanTable({ capacity, overflow: 'permissive', hash: keyedHash(secret) });
    const services = options.services ?? ['ftp', 'finger'];
    this.keeper = new BanKeeper({
      ...{ file, table: this.table, secret, prefixes, world, bus },
      services: () => services,
    });
    this.keeper.restore(kept);
  }

  ban(number: number, options: { forMs?: number; service?: number; byOperator?: boolean } = {}): void {
    const { forMs = HOUR_MS, service = 0, byOperator = false } = options;
    const now = this.world.nowMs();
    this.table.ban(keyOf(number), { until: now + forMs, now, reason: 1, service, byOperator });
    this.keeper.changed();
  }

  find(number: number) {
    return this.table.find(keyOf(number), this.world.nowMs());
  }

  /** How long a ban goes on; 0 for none. */
  leftMs(number: number): number {
    const ban = this.find(number);
    return ban ? ban.until - this.world.nowMs() : 0;
  }

  get told(): readonly unknown[] {
    return this.events;
  }
}

/** A state file in which these are banned. */
function fileWith(numbers: readonly number[], options: Partial<RunOptions> = {}): FakeStateFile {
  const file = new FakeStateFile();
  const life = new Life({ file, ...options });
  for (const number of numbers) life.ban(number);
  life.world.pass(1000);
  return file;
}

describe('the keeper of bans', () => {
  test('lays out a new file at once, with both of its parts', () => {
    const life = new Life({ file: new FakeStateFile() });
    expect(life.file.state()).toMatchObject({ kind: 'kept', damaged: [], slot: { sequence: 1, bans: [] } });
    expect(life.file.syncs).toBe(1);
    expect(life.told).toEqual([]);
  });

  test('saves half a second after the first change, once for all of that time (S62)', () => {
    const life = new Life({ file: new FakeStateFile() });
    life.ban(1);
    life.world.pass(400);
    life.ban(2);
    life.world.pass(99);
    expect(life.file.syncs).toBe(1);
    life.world.pass(1);
    expect(life.file.syncs).toBe(2);
    expect(life.file.state()).toMatchObject({ slot: { sequence: 2, bans: { length: 2 } } });
    life.world.pass(HOUR_MS);
    expect(life.file.syncs).toBe(2);
  });

  test('saves no more than 5 % of the time when the disk is slow (B7)', () => {
    const life = new Life({ file: new FakeStateFile() });
    // A ban is one write, its header another.
    life.file.onWrite = () => {
      life.world.timeMs += 50;
    };
    life.ban(1);
    life.world.pass(500);
    expect(life.file.syncs).toBe(2);
    life.ban(2);
    life.world.pass(1950);
    expect(life.file.syncs).toBe(2);
    life.world.pass(100);
    expect(life.file.syncs).toBe(3);
  });

  test('gives each ban back with its time, reason and count, and the operator his word (S62)', () => {
    const file = new FakeStateFile();
    const before = new Life({ file });
    before.ban(1);
    before.ban(1, { forMs: 2 * HOUR_MS });
    before.ban(2, { byOperator: true, service: NO_SERVICE, forMs: Number.POSITIVE_INFINITY });
    before.world.pass(1000);
    const after = new Life({ file, world: before.world });
    expect(after.told).toEqual([{ type: 'bans-restored', count: 2, expired: 0 }]);
    expect(after.find(1)).toMatchObject({
      inForce: true,
      reason: 1,
      service: 0,
      count: 2,
      byOperator: false,
    });
    expect(after.leftMs(1)).toBe(2 * HOUR_MS - 1000);
    expect(after.find(2)).toMatchObject({ byOperator: true, service: NO_SERVICE, until: Infinity });
  });

  test('keeps no penalty that has not led to a ban', () => {
    const life = new Life({ file: new FakeStateFile() });
    const limits = { thresholdMs: 10_000, maxMs: HOUR_MS };
    life.table.penalise(keyOf(1), { addMs: 5000, now: life.world.nowMs(), limits, reason: 1, service: 0 });
    life.ban(2);
    life.world.pass(1000);
    expect(life.file.state()).toMatchObject({ slot: { bans: { length: 1 } } });
  });

  test('finds the service of a ban by its name, and keeps the ban when the service is gone', () => {
    const file = new FakeStateFile();
    const before = new Life({ file });
    before.ban(1, { service: 0 });
    before.ban(2, { service: 1 });
    before.world.pass(1000);
    const after = new Life({ file, services: ['echo', 'finger', 'time'] });
    expect(after.find(1)).toMatchObject({ inForce: true, service: NO_SERVICE });
    expect(after.find(2)).toMatchObject({ inForce: true, service: 1 });
  });
});

describe('clocks', () => {
  /** A machine whose wall clock is so much later than that of the file, and whose monotonic clock begins anew. */
  class Rebooted extends FakeWorld {
    readonly laterMs: number;

    constructor(laterMs: number) {
      super();
      this.laterMs = laterMs;
      this.timeMs = 7;
    }

    override readonly wallMs = (): number => Date.UTC(2026, 0, 9, 12) + 500 + this.laterMs + this.timeMs - 7;
  }

  test.each([
    { title: 'goes on', laterMs: 10_000, leftMs: HOUR_MS - 500 - 10_000 },
    { title: 'is set back, or begins in 1970 with the machine', laterMs: -1e12, leftMs: HOUR_MS - 500 },
    { title: 'says that all is over', laterMs: 2 * HOUR_MS, leftMs: 0 },
  ])('of the wall that $title while zinetd is down (S90)', ({ laterMs, leftMs }) => {
    const after = new Life({ file: fileWith([1]), world: new Rebooted(laterMs) });
    expect(after.leftMs(1)).toBe(leftMs);
    expect(after.told).toEqual(leftMs === 0 ? [] : [{ type: 'bans-restored', count: 1, expired: 0 }]);
  });
});

describe('a state that cannot be taken over as it is', () => {
  test('with other prefixes: nothing is, and the file begins anew', () => {
    const file = fileWith([1, 2]);
    const after = new Life({ file, prefixes: { ipv4: 24, ipv6: 64 } });
    expect(after.told).toEqual([{ type: 'bans-left-out', count: 2, reason: 'prefixes' }]);
    expect(after.table.size).toBe(0);
    expect(file.state()).toMatchObject({ slot: { prefixes: { ipv4: 24 }, bans: [] } });
  });

  test('with less room: the operator and those that last longest go first, and the rest is counted', () => {
    const file = new FakeStateFile();
    const before = new Life({ file });
    for (let number = 0; number < 40; number++) before.ban(number, { forMs: (number + 1) * HOUR_MS });
    before.ban(40, { byOperator: true, forMs: 1000 });
    before.world.pass(500);
    const after = new Life({ file, world: before.world, capacity: 16 });
    expect(after.told).toEqual([
      { type: 'bans-restored', count: 16, expired: 0 },
      { type: 'bans-left-out', count: 25, reason: 'room' },
    ]);
    expect(after.find(40)).toMatchObject({ byOperator: true });
    const kept = Array.from({ length: 40 }, (_, number) => number).filter((number) => after.find(number));
    expect(kept).toEqual(Array.from({ length: 15 }, (_, index) => 25 + index));
  });

  test('with one part damaged: the other one is taken, and the file made whole at once (S115)', () => {
    const file = fileWith([1]);
    file.damage(0);
    const after = new Life({ file });
    expect(after.told).toEqual([{ type: 'state-damaged', slots: [0], restored: true }]);
    expect(file.state()).toMatchObject({ damaged: [], slot: { sequence: 2, bans: [] } });
  });

  test('with both parts damaged: it begins anew (S115)', () => {
    const file = fileWith([1]);
    file.damage(0);
    file.damage(1);
    const after = new Life({ file });
    expect(after.told).toEqual([{ type: 'state-damaged', slots: [0, 1], restored: false }]);
    expect(file.state()).toMatchObject({ damaged: [], slot: { sequence: 1, bans: [] } });
  });

  test('on a disk that cannot be read: that is told, and bans work (promise 8)', () => {
    const file = fileWith([1]);
    file.fault = { on: 'read', code: 'EIO' };
    const after = new Life({ file });
    expect(after.told).toEqual([
      { type: 'state-failed', action: 'read', code: 'EIO' },
      { type: 'state-damaged', slots: [0, 1], restored: false },
    ]);
    after.ban(2);
    expect(after.leftMs(2)).toBe(HOUR_MS);
  });
});

describe('a disk in trouble', () => {
  test.each(['write', 'sync'] as const)(
    'is told of once, tried again, and never costs the part that is whole: %s (promise 8)',
    (on) => {
      const file = fileWith([1]);
      const life = new Life({ file });
      const { length } = life.events;
      file.fault = { on, code: 'EIO' };
      life.ban(2);
      const whole = file.state();
      if (whole.kind !== 'kept') throw new Error('There is no state');
      life.world.pass(60_000);
      expect(life.events.slice(length)).toEqual([{ type: 'state-failed', action: on, code: 'EIO' }]);
      const { offset } = file.writes.at(-1) ?? { offset: 0 };
      if (on === 'sync') expect(offset).toBe(file.writes.at(-3)?.offset);
      file.fault = undefined;
      life.world.pass(5000);
      expect(life.told.at(-1)).toEqual({ type: 'state-saved' });
      expect(file.state()).toMatchObject({
        slot: { sequence: whole.slot.sequence + 1, bans: { length: 2 } },
      });
    },
  );

  test('that has no room for a new file gets one later, with what has happened meanwhile', () => {
    const file = new FakeStateFile();
    file.fault = { on: 'write', code: 'ENOSPC' };
    const life = new Life({ file });
    life.ban(1);
    life.world.pass(60_000);
    file.fault = undefined;
    life.world.pass(6000);
    expect(file.state()).toMatchObject({ kind: 'kept', damaged: [], slot: { bans: { length: 1 } } });
    expect(life.told).toEqual([
      { type: 'state-failed', action: 'write', code: 'ENOSPC' },
      { type: 'state-saved' },
    ]);
  });
});

describe('the last save', () => {
  function close(life: Life): { readonly isOver: () => number } {
    let times = 0;
    life.keeper.close(() => {
      times++;
    });
    return { isOver: () => times };
  }

  test('has what changed a moment ago', () => {
    const life = new Life({ file: new FakeStateFile() });
    life.ban(1);
    const closing = close(life);
    expect(closing.isOver()).toBe(1);
    expect(life.file.state()).toMatchObject({ slot: { bans: { length: 1 } } });
    life.world.pass(10_000);
    expect(closing.isOver()).toBe(1);
    expect(life.file.syncs).toBe(2);
  });

  test('writes nothing when there is nothing to keep', () => {
    const life = new Life({ file: new FakeStateFile() });
    expect(close(life).isOver()).toBe(1);
    expect(life.file.syncs).toBe(1);
  });

  test('is tried once on a disk in trouble', () => {
    const life = new Life({ file: new FakeStateFile() });
    life.ban(1);
    life.file.fault = { on: 'write', code: 'ENOSPC' };
    expect(close(life).isOver()).toBe(1);
    expect(life.told).toEqual([{ type: 'state-failed', action: 'write', code: 'ENOSPC' }]);
  });

  test('holds nobody up for more than a second when the disk hangs', () => {
    const life = new Life({ file: new FakeStateFile() });
    life.file.hangs = true;
    life.ban(1);
    const closing = close(life);
    life.world.pass(999);
    expect(closing.isOver()).toBe(0);
    life.world.pass(1);
    expect(closing.isOver()).toBe(1);
  });
});
