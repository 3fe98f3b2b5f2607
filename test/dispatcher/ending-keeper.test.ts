import { describe, expect, test } from 'vitest';
import { EndingKeeper, type EndingKeeperOptions } from '../../src/dispatcher/ending-keeper.ts';
import type { StateFault } from '../../src/dispatcher/state-file.ts';
import { Bus } from '../../src/events/bus.ts';
import type { ZinetdEvent } from '../../src/events/event.ts';
import { encodeEndings, type KeptEnding } from '../../src/supervise/ending-slot.ts';
import { FakeWorld } from './fake-world.ts';

const MINUTE = 60_000;
const handler = { slot: 10n, pid: 42, sinceMs: 1_000_000 };

/** The part of the state file that is behind all others; what is written last counts. */
class Disk implements NonNullable<EndingKeeperOptions['file']> {
  bytes: Uint8Array = new Uint8Array();
  writes = 0;
  fault: StateFault | undefined;
  #offset: number | undefined;

  readonly readAt = (offset: number, length: number): Uint8Array => {
    this.#offset ??= offset;
    return this.bytes.slice(offset - this.#offset, offset - this.#offset + length);
  };

  readonly write: EndingKeeperOptions['file']['write'] = ({ offset, bytes }, done) => {
    this.writes++;
    expect(offset).toBe(this.#offset);
    if (!this.fault) this.bytes = Uint8Array.from([...bytes, ...this.bytes.slice(bytes.length)]);
    done(this.fault);
  };
}

class Play {
  readonly disk = new Disk();
  readonly world = new FakeWorld();
  readonly events: ZinetdEvent[] = [];

  /** A dispatcher begins. */
  begin(): EndingKeeper {
    const bus = new Bus();
    bus.subscribe((event) => this.events.push(event));
    return new EndingKeeper({ file: this.disk, world: this.world, bus });
  }

  /** One that has told a handler to end, and is there long enough to write it down. */
  tell(...endings: readonly Partial<KeptEnding>[]): EndingKeeper {
    const keeper = this.begin();
    const { slot, pid, sinceMs } = handler;
    const told = {
      slot,
      pid,
      startedAtMs: keeper.startedAtMs(sinceMs),
      killAtAgeMs: 7000,
      why: 'reload',
    } as const;
    keeper.use(() => endings.map((each) => ({ ...told, ...each })));
    keeper.changed();
    this.world.pass(MINUTE);
    return keeper;
  }
}

describe('a handler that was told to end', () => {
  test('is known to the next dispatcher by all that it is known by, and no other is taken for it (S84)', () => {
    const play = new Play();
    play.tell({});
    const next = play.begin();
    expect(next.find(handler)).toMatchObject({ killAtAgeMs: 7000, why: 'reload' });
    for (const other of [{ slot: 11n }, { pid: 43 }, { sinceMs: 1_002_000 }])
      expect(next.find({ ...handler, ...other })).toBeUndefined();
    expect(play.events).toEqual([]);
  });

  test('is forgotten when it is over', () => {
    const play = new Play();
    play.tell({}, { slot: 11n });
    play.tell({ slot: 11n });
    expect(play.begin().find(handler)).toBeUndefined();
    expect(play.begin().find({ ...handler, slot: 11n })).toBeDefined();
    play.tell();
    expect(play.begin().find({ ...handler, slot: 11n })).toBeUndefined();
  });

  test('is one writing with all others of its moment', () => {
    const play = new Play();
    const keeper = play.tell({});
    expect(play.disk.writes).toBe(1);
    for (let count = 0; count < 100; count++) keeper.changed();
    play.world.pass(MINUTE);
    expect(play.disk.writes).toBe(2);
    keeper.changed();
    let isDone = false;
    keeper.close(() => {
      isDone = true;
    });
    expect({ isDone, writes: play.disk.writes }).toEqual({ isDone: true, writes: 3 });
  });
});

test('what is not as it was written is told of, and nobody is killed for it (S115)', () => {
  const play = new Play();
  play.tell({});
  const good = play.disk.bytes;
  for (const at of [0, 12, 20, good.length - 1]) {
    play.disk.bytes = good.map((byte, index) => (index === at ? byte ^ 1 : byte));
    expect(play.begin().find(handler)).toBeUndefined();
    expect(play.events.pop()).toEqual({ type: 'state-damaged', slots: [4], restored: false });
  }
  play.disk.bytes = good.slice(0, -1);
  expect(play.begin().find(handler)).toBeUndefined();
  expect(play.events.pop()).toMatchObject({ type: 'state-damaged' });
  play.disk.bytes = encodeEndings([]);
  play.begin();
  expect(play.events).toEqual([]);
});

test('a disk that takes nothing is told of once, and that it takes something again', () => {
  const play = new Play();
  const keeper = play.begin();
  for (const fault of [{ code: 'ENOSPC' }, { code: 'ENOSPC' }, undefined]) {
    play.disk.fault = fault;
    keeper.changed();
    play.world.pass(MINUTE);
  }
  expect(play.events).toEqual([
    { type: 'state-failed', action: 'write', code: 'ENOSPC' },
    { type: 'state-saved' },
  ]);
});
