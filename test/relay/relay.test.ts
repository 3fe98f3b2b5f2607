import { constants } from 'node:os';
import { describe, expect, test } from 'vitest';
import { ByteReader } from '../../src/native/byte-reader.ts';
import { Descriptor } from '../../src/native/descriptor.ts';
import { type Carried, Relay, type RelayEnd } from '../../src/relay/relay.ts';
import { FakeWorld } from '../dispatcher/fake-world.ts';
import { FakePoller } from '../listeners/fake-binding.ts';
import { PlayedSocket, playedBinding } from './played-sockets.ts';

const CLIENT = 7;
const TARGET = 8;
const READER_BYTES = 100;
const READABLE = 1;
const WRITABLE = 4;
const RESET = 1 | 8 | 16;

/** A relay between two sockets whose kernel takes and gives what a test says. */
class PlayedRelay {
  readonly world: FakeWorld = new FakeWorld();
  readonly poller: FakePoller = new FakePoller();
  readonly client: PlayedSocket = new PlayedSocket();
  readonly target: PlayedSocket = new PlayedSocket();
  readonly ends: [RelayEnd, Carried][] = [];
  readonly closed: number[] = [];
  readonly #relay: Relay;

  constructor(idleMs?: number) {
    const binding = playedBinding(
      (fd) => (fd === CLIENT ? this.client : this.target),
      (fd) => this.closed.push(fd),
    );
    const { nowMs, after } = this.world;
    this.#relay = new Relay(
      { client: new Descriptor(binding, CLIENT), target: new Descriptor(binding, TARGET) },
      {
        parts: {
          ...{ binding, poller: this.poller.poller, nowMs, after },
          reader: new ByteReader(binding, READER_BYTES),
        },
        idleMs,
        onEnd: (end, carried) => this.ends.push([end, carried]),
      },
    );
    this.#relay.start();
  }

  ready(fd: number, events: number): void {
    this.poller.ready(this.poller.token(fd), events);
  }

  isWatched(fd: number): boolean {
    return this.poller.watched.has(fd);
  }

  stop(): void {
    this.#relay.close('stopping');
  }
}

describe('a relay', () => {
  test('carries bytes both ways and counts them', () => {
    const relay = new PlayedRelay();
    relay.client.sent.push('question');
    relay.ready(CLIENT, READABLE);
    relay.target.sent.push('answer!');
    relay.ready(TARGET, READABLE);
    expect([relay.target.said, relay.client.said]).toEqual(['question', 'answer!']);
    relay.stop();
    expect(relay.ends).toEqual([['stopping', { inBytes: 8, outBytes: 7 }]]);
    expect(relay.closed).toEqual([CLIENT, TARGET]);
  });

  test.each([
    ['the client', 'client', CLIENT, TARGET],
    ['the target', 'target', TARGET, CLIENT],
  ] as const)('passes the end of %s on, and the other direction goes on (S140)', (_who, name, from, to) => {
    const relay = new PlayedRelay();
    const [first, second] = name === 'client' ? [relay.client, relay.target] : [relay.target, relay.client];
    first.sent.push('last words', 'end');
    relay.ready(from, READABLE);
    expect([second.said, second.isShut, first.isShut]).toEqual(['last words', true, false]);
    expect(relay.ends).toEqual([]);
    second.sent.push('a'.repeat(3 * READER_BYTES), 'end');
    relay.ready(to, READABLE);
    expect(first.said).toBe('a'.repeat(3 * READER_BYTES));
    expect(relay.ends.map(([end]) => end)).toEqual(['done']);
    expect(relay.closed).toEqual([CLIENT, TARGET]);
  });

  test('reads from a side only when the other has taken what came before, all of it in order (S140)', () => {
    const relay = new PlayedRelay();
    relay.target.room = 30;
    relay.client.sent.push('a'.repeat(READER_BYTES), 'b'.repeat(READER_BYTES), 'end');
    relay.ready(CLIENT, READABLE);
    expect(relay.client.reads).toBe(2);
    relay.ready(CLIENT, READABLE);
    expect([relay.client.reads, relay.client.sent.length]).toEqual([2, 2]);
    // What is left of it is its own, whatever else is read meanwhile.
    relay.target.sent.push('z'.repeat(READER_BYTES));
    relay.ready(TARGET, READABLE);
    expect(relay.client.said).toBe('z'.repeat(READER_BYTES));
    relay.target.room = 50;
    relay.ready(TARGET, WRITABLE);
    expect([relay.client.reads, relay.target.isShut]).toEqual([2, false]);
    relay.target.room = Number.POSITIVE_INFINITY;
    relay.ready(TARGET, WRITABLE);
    expect(relay.target.said).toBe('a'.repeat(READER_BYTES) + 'b'.repeat(READER_BYTES));
    expect(relay.target.isShut).toBe(true);
  });

  test('gives others their turn after sixteen pieces', () => {
    const relay = new PlayedRelay();
    relay.client.sent.push('x'.repeat(40 * READER_BYTES));
    relay.ready(CLIENT, READABLE);
    expect(relay.target.said).toHaveLength(16 * READER_BYTES);
    relay.ready(CLIENT, READABLE);
    expect(relay.target.said).toHaveLength(32 * READER_BYTES);
  });

  test('ends with a client who resets, whatever it waits for (S134)', () => {
    const reading = new PlayedRelay();
    reading.client.error = constants.errno.ECONNRESET;
    reading.ready(CLIENT, RESET);
    const waiting = new PlayedRelay();
    waiting.target.room = 0;
    waiting.client.sent.push('x');
    waiting.ready(CLIENT, READABLE);
    waiting.client.error = constants.errno.ECONNRESET;
    waiting.ready(CLIENT, 8 | 16);
    const writing = new PlayedRelay();
    writing.target.sent.push('x');
    writing.client.error = constants.errno.EPIPE;
    writing.ready(TARGET, READABLE);
    for (const { ends, closed } of [reading, waiting, writing]) {
      expect(ends.map(([end]) => end)).toEqual(['gone']);
      expect(closed).toEqual([CLIENT, TARGET]);
    }
  });

  test('brings a slow client the last words of a target that resets, and ends then (S134, S140)', () => {
    const relay = new PlayedRelay();
    relay.client.room = 10;
    relay.target.sent.push('y'.repeat(READER_BYTES), 'z'.repeat(READER_BYTES));
    relay.ready(TARGET, READABLE);
    relay.target.error = constants.errno.ECONNRESET;
    relay.ready(TARGET, 8 | 16);
    expect([relay.ends.length, relay.isWatched(TARGET)]).toEqual([0, false]);
    relay.client.room = Number.POSITIVE_INFINITY;
    relay.ready(CLIENT, WRITABLE);
    expect(relay.client.said).toBe('y'.repeat(READER_BYTES) + 'z'.repeat(READER_BYTES));
    expect(relay.ends.map(([end]) => end)).toEqual(['gone']);
    expect(relay.closed).toEqual([CLIENT, TARGET]);
  });

  test('brings the answer of a target that takes no more', () => {
    const relay = new PlayedRelay();
    relay.target.room = 0;
    relay.client.sent.push('x');
    relay.ready(CLIENT, READABLE);
    relay.target.sent.push('enough', 'end');
    relay.ready(TARGET, READABLE);
    expect(relay.client.isShut).toBe(true);
    relay.target.error = constants.errno.EPIPE;
    relay.ready(TARGET, WRITABLE);
    expect([relay.client.said, relay.ends.map(([end]) => end)]).toEqual(['enough', ['gone']]);
  });

  test('does not look at a side that has said all and hears no more, or the poller would tell of it for ever', () => {
    const relay = new PlayedRelay();
    relay.client.room = 5;
    relay.target.sent.push('long answer', 'end');
    relay.client.sent.push('end');
    relay.ready(CLIENT, READABLE);
    relay.ready(TARGET, READABLE);
    relay.client.room = 0;
    expect([relay.isWatched(CLIENT), relay.target.isShut]).toEqual([true, true]);
    relay.client.room = 100;
    relay.ready(CLIENT, WRITABLE);
    expect(relay.ends.map(([end]) => end)).toEqual(['done']);
    const other = new PlayedRelay();
    other.target.room = 0;
    other.client.sent.push('x', 'end');
    other.ready(CLIENT, READABLE);
    other.target.sent.push('end');
    other.ready(TARGET, READABLE);
    expect([other.isWatched(CLIENT), other.isWatched(TARGET)]).toEqual([false, true]);
  });

  test('ends when no byte moves for so long, and never unless that is set', () => {
    const relay = new PlayedRelay(1000);
    relay.world.pass(900);
    relay.client.sent.push('x');
    relay.ready(CLIENT, READABLE);
    relay.world.pass(900);
    relay.target.sent.push('x');
    relay.ready(TARGET, READABLE);
    relay.world.pass(900);
    expect(relay.ends).toEqual([]);
    relay.world.pass(100);
    expect(relay.ends).toEqual([['idle', { inBytes: 1, outBytes: 1 }]]);
    const patient = new PlayedRelay();
    patient.world.pass(100_000_000);
    expect(patient.ends).toEqual([]);
  });

  test('ends once, and reads what the client still says, so that close(2) takes nothing back', () => {
    const relay = new PlayedRelay();
    relay.client.sent.push('more', 'and more');
    relay.stop();
    relay.stop();
    expect([relay.ends.length, relay.client.sent]).toEqual([1, []]);
    expect(relay.closed).toEqual([CLIENT, TARGET]);
  });
});
