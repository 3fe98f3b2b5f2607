import { constants } from 'node:os';
import { describe, expect, test } from 'vitest';
import { StandardErrors } from '../../src/dispatcher/standard-errors.ts';
import { Bus } from '../../src/events/bus.ts';
import type { ZinetdEvent } from '../../src/events/event.ts';
import { NO_NUMBER, type SpawnerEvent } from '../../src/launch/spawner-event.ts';
import type { Binding } from '../../src/native/binding.ts';
import { Descriptor } from '../../src/native/descriptor.ts';
import type { Poller, Watcher } from '../../src/native/poller.ts';
import { FakeWorld } from './fake-world.ts';

const LINES = 1000;

/** A pipe to one handler, whose other end is the test. */
class Pipe {
  readonly events: ZinetdEvent[] = [];
  readonly world = new FakeWorld();
  readonly errors: StandardErrors;
  isClosed = false;
  #written: Buffer[] = [];
  #isEnded = false;
  #watcher: Watcher | undefined;

  constructor(service = 0) {
    const bus = new Bus();
    bus.subscribe((event) => this.events.push(event));
    const calls: Pick<Binding, 'read' | 'close'> = {
      read: (_, bytes) => this.#read(bytes),
      close: () => this.#close(),
    };
    const binding = calls as Binding;
    const watching: Pick<Poller, 'watch' | 'forget'> = {
      watch: (_, { watcher }) => {
        this.#watcher = watcher;
      },
      forget: () => {
        this.#watcher = undefined;
      },
    };
    const poller = watching as Poller;
    const { world } = this;
    this.errors = new StandardErrors({ binding, poller, world, bus, nameOf: () => 'it' });
    const event = { id: 7, pid: 42, service } as SpawnerEvent;
    this.errors.take(event, new Descriptor(binding, 9));
  }

  get isWatched(): boolean {
    return this.#watcher !== undefined;
  }

  get isEmpty(): boolean {
    return this.#written.length === 0;
  }

  get told(): readonly string[] {
    return this.events.flatMap((event) => (event.type === 'stderr' ? [event.text] : []));
  }

  get dropped(): number {
    return this.events.reduce((sum, event) => sum + (event.type === 'stderr-dropped' ? event.count : 0), 0);
  }

  /** The kernel says so for as long as there is something. */
  write(text: string): void {
    this.#written.push(Buffer.from(text));
    this.#watcher?.(1);
  }

  end(): void {
    this.#isEnded = true;
    this.#watcher?.(1);
  }

  #read(bytes: Uint8Array): number {
    const next = this.#written.shift();
    if (!next) return this.#isEnded ? 0 : -constants.errno.EAGAIN;
    bytes.set(next);
    return next.length;
  }

  #close(): number {
    this.isClosed = true;
    return 0;
  }
}

function many(count: number): string {
  return 'line\n'.repeat(count);
}

describe('StandardErrors', () => {
  test('tells lines, and lets go at the end', () => {
    const pipe = new Pipe();
    pipe.write('one\ntw');
    pipe.write('o\nthree');
    expect(pipe.told).toEqual(['one', 'two']);
    expect(pipe.events[0]).toEqual({
      ...{ type: 'stderr', service: 'it', connection: 7, pid: 42, text: 'one', isCut: false },
    });
    pipe.end();
    expect(pipe.told).toEqual(['one', 'two', 'three']);
    expect(pipe).toMatchObject({ isClosed: true, isWatched: false });
  });

  test('tells no more than a service may say, counts the rest, and reads slower, not never', () => {
    const pipe = new Pipe();
    pipe.write(many(LINES));
    expect(pipe.told.length).toBe(200);
    expect(pipe.isWatched).toBe(false);
    pipe.world.pass(50);
    expect(pipe.isWatched).toBe(true);
    pipe.world.pass(10_000);
    expect(pipe.dropped).toBe(LINES - 200);
    pipe.write(many(LINES));
    expect(pipe.told.length).toBe(400);
    pipe.errors.close();
    expect(pipe.told.length + pipe.dropped).toBe(2 * LINES);
  });

  test('tells at the end of a handler what it has said, also where it was made to wait', () => {
    const pipe = new Pipe();
    pipe.write(many(LINES));
    pipe.write('last\n');
    pipe.world.pass(49);
    expect(pipe.isWatched).toBe(false);
    pipe.end();
    pipe.errors.ended(7);
    expect(pipe).toMatchObject({ isClosed: true, isEmpty: true });
    pipe.world.pass(10_000);
    expect(pipe.told.length + pipe.dropped).toBe(LINES + 1);
  });

  test('listens for a moment to what a handler leaves running, and no longer (S86)', () => {
    const pipe = new Pipe();
    pipe.errors.ended(7);
    pipe.world.pass(4999);
    pipe.write('still here\nand');
    expect(pipe.told).toEqual(['still here']);
    pipe.world.pass(1);
    expect(pipe.told).toEqual(['still here', 'and']);
    expect(pipe).toMatchObject({ isClosed: true, isWatched: false });
    pipe.world.pass(60_000);
  });

  test('reads what the handler of a service that is no more says, and tells nobody', () => {
    const pipe = new Pipe(NO_NUMBER);
    pipe.write('one\n');
    expect(pipe).toMatchObject({ events: [], isEmpty: true });
    pipe.end();
    pipe.errors.ended(7);
    expect(pipe.isClosed).toBe(true);
  });
});
