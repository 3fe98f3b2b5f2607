import { constants } from 'node:os';
import { describe, expect, test } from 'vitest';
import { talkChargen } from '../../src/builtins/chargen.ts';
import { Conversation, type ConversationLimits } from '../../src/builtins/conversation.ts';
import { talkDiscard } from '../../src/builtins/discard.ts';
import { talkEcho } from '../../src/builtins/echo.ts';
import { sayOnce } from '../../src/builtins/say-once.ts';
import type { Talk } from '../../src/builtins/talk.ts';
import { ByteReader } from '../../src/native/byte-reader.ts';
import { Descriptor } from '../../src/native/descriptor.ts';
import { FakeWorld } from '../dispatcher/fake-world.ts';
import { FakePoller, fakeBinding } from '../listeners/fake-binding.ts';

const { errno } = constants;
const FD = 7;
const LIMITS = { mostBytes: 10_000, idleMs: 1000, lifeMs: 5000 };

/** A client whose kernel takes and gives what a test says. */
class PlayedClient {
  readonly world: FakeWorld = new FakeWorld();
  readonly poller: FakePoller = new FakePoller();
  readonly ends: string[] = [];
  readonly closed: number[] = [];
  said = '';
  /** What it has sent; `end`: it says no more. */
  readonly sent: (string | 'end')[] = [];
  /** How much it takes. */
  room: number = Number.POSITIVE_INFINITY;
  error = 0;
  reads = 0;
  readonly #conversation: Conversation;

  constructor(talk: Talk, limits: Partial<ConversationLimits> = {}) {
    const binding = fakeBinding({
      send: (_fd, bytes) => this.#take(bytes),
      receive: (_fd, bytes) => this.#give(bytes),
      close: (fd) => this.closed.push(fd) - this.closed.length,
    });
    const { poller } = this.poller;
    const { nowMs, after } = this.world;
    this.#conversation = new Conversation(new Descriptor(binding, FD), {
      parts: { binding, poller, reader: new ByteReader(binding, 100), nowMs, after },
      limits: { ...LIMITS, ...limits },
      onEnd: (end) => this.ends.push(end),
    });
    this.#conversation.start(talk);
  }

  ready(): void {
    this.poller.ready(this.poller.token(FD));
  }

  /** Turns until nothing is watched any more, or nothing changes. */
  settle(): void {
    for (let turn = 0; turn < 1000 && this.ends.length === 0; turn++) this.ready();
  }

  stop(): void {
    this.#conversation.close('stopping');
  }

  #take(bytes: Uint8Array): number {
    if (this.error !== 0) return -this.error;
    const length = Math.min(bytes.length, this.room);
    if (length === 0) return -errno.EAGAIN;
    this.room -= length;
    this.said += Buffer.from(bytes.subarray(0, length)).toString('latin1');
    return length;
  }

  #give(bytes: Uint8Array): number {
    this.reads++;
    if (this.error !== 0) return -this.error;
    const next = this.sent.shift();
    if (next === undefined) return -errno.EAGAIN;
    if (next === 'end') return 0;
    bytes.fill(next.charCodeAt(0));
    return bytes.length;
  }
}

describe('a conversation', () => {
  test('ends once all is said and taken, and what the client has sent is read then (S3)', () => {
    const client = new PlayedClient(sayOnce(Buffer.from('It is now')));
    client.sent.push('x');
    expect([client.said, client.ends, client.closed]).toEqual(['It is now', ['done'], [FD]]);
    expect(client.reads).toBe(1);
  });

  test('reads nothing from a client who takes nothing', () => {
    const client = new PlayedClient(talkEcho());
    client.room = 0;
    client.sent.push('a', 'b', 'c');
    client.settle();
    expect(client.reads).toBe(2);
    expect(client.sent).toEqual(['b', 'c']);
    client.room = 10_000;
    client.sent.push('end');
    client.settle();
    expect(client.said).toBe('a'.repeat(100) + 'b'.repeat(100) + 'c'.repeat(100));
    expect(client.ends).toEqual(['done']);
  });

  test('gives others their turn after a few steps', () => {
    const client = new PlayedClient(talkChargen(), { mostBytes: 1_000_000 });
    expect(client.said).toHaveLength(8 * 28 * 74);
    client.ready();
    expect(client.said).toHaveLength(16 * 28 * 74);
    client.stop();
  });

  test('ends after so many bytes both ways, and not one more', () => {
    const chargen = new PlayedClient(talkChargen());
    chargen.settle();
    expect([chargen.said.length, chargen.ends]).toEqual([10_000, ['bytes']]);
    const discard = new PlayedClient(talkDiscard());
    for (let count = 0; count < 101; count++) discard.sent.push('x');
    discard.settle();
    expect(discard.ends).toEqual(['bytes']);
  });

  test('ends when nothing moves for so long (S79)', () => {
    const client = new PlayedClient(talkDiscard());
    client.world.pass(900);
    client.sent.push('x');
    client.ready();
    client.world.pass(900);
    expect(client.ends).toEqual([]);
    client.world.pass(100);
    expect([client.ends, client.closed]).toEqual([['idle'], [FD]]);
  });

  test('ends after so long in all, however little is said in between (S79)', () => {
    const client = new PlayedClient(talkDiscard());
    for (let count = 0; count < 9; count++) {
      client.world.pass(500);
      client.sent.push('x');
      client.ready();
    }
    expect(client.ends).toEqual([]);
    client.world.pass(500);
    expect(client.ends).toEqual(['time']);
  });

  test('ends with a client who is gone, and at a stop, once', () => {
    const gone = new PlayedClient(talkDiscard());
    gone.error = errno.ECONNRESET;
    gone.ready();
    gone.stop();
    expect([gone.ends, gone.closed]).toEqual([['gone'], [FD]]);
    const stopped = new PlayedClient(talkDiscard());
    stopped.stop();
    stopped.world.pass(100_000);
    expect([stopped.ends, stopped.closed]).toEqual([['stopping'], [FD]]);
  });
});
