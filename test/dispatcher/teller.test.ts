import { constants } from 'node:os';
import { describe, expect, test } from 'vitest';
import { type TellEnd, Teller } from '../../src/dispatcher/teller.ts';
import { Descriptor } from '../../src/native/descriptor.ts';
import { FakePoller } from '../listeners/fake-binding.ts';
import { PlayedSocket, playedBinding } from '../relay/played-sockets.ts';
import { FakeWorld } from './fake-world.ts';

const WRITABLE = 4;
const DEADLINE_MS = 5000;
const MOST_OF_ONE_SOURCE = 16;
const MOST_WAITING = 512;
const BANNER = Buffer.from('Welcome');

/** Clients by their descriptors, with sockets that a test plays. */
class PlayedTeller {
  readonly world: FakeWorld = new FakeWorld();
  readonly poller: FakePoller = new FakePoller();
  readonly ends: [number, TellEnd][] = [];
  readonly #sockets = new Map<number, PlayedSocket>();
  readonly #binding;
  readonly teller: Teller;

  constructor() {
    this.#binding = playedBinding(
      (fd) => this.socket(fd),
      () => {},
    );
    const { poller } = this.poller;
    this.teller = new Teller({ binding: this.#binding, poller, after: this.world.after });
  }

  socket(fd: number): PlayedSocket {
    const known = this.#sockets.get(fd) ?? new PlayedSocket();
    this.#sockets.set(fd, known);
    return known;
  }

  tell(fd: number, options: { readonly room?: number; readonly source?: number } = {}): void {
    const { room = Number.POSITIVE_INFINITY, source = 1 } = options;
    this.socket(fd).room = room;
    const descriptor = new Descriptor(this.#binding, fd);
    const telling = { descriptor, bytes: BANNER, source: Uint32Array.of(source, 0) };
    this.teller.tell(telling, (end) => this.ends.push([fd, end]));
  }

  ready(fd: number): void {
    this.poller.ready(this.poller.token(fd), WRITABLE);
  }
}

describe('a banner', () => {
  test('is out at once for whoever takes it at once: nothing is watched, and no timer runs', () => {
    const played = new PlayedTeller();
    played.tell(7);
    expect([played.socket(7).said, played.ends]).toEqual(['Welcome', [[7, 'told']]]);
    expect([played.poller.watched.size, played.teller.waiting]).toEqual([0, 0]);
  });

  test('waits for room, and is out when the last byte is taken (S96)', () => {
    const played = new PlayedTeller();
    played.tell(7, { room: 3 });
    played.socket(7).room = 2;
    played.ready(7);
    expect([played.socket(7).said, played.ends]).toEqual(['Welco', []]);
    played.socket(7).room = 9;
    played.ready(7);
    played.world.pass(2 * DEADLINE_MS);
    expect([played.socket(7).said, played.ends]).toEqual(['Welcome', [[7, 'told']]]);
    expect([played.poller.watched.size, played.teller.waiting]).toEqual([0, 0]);
  });

  test('has five seconds in all, however slowly it is taken in between (S80, S96)', () => {
    const played = new PlayedTeller();
    played.tell(7, { room: 0 });
    for (let count = 0; count < 4; count++) {
      played.world.pass(DEADLINE_MS / 5);
      played.socket(7).room = 1;
      played.ready(7);
    }
    expect(played.ends).toEqual([]);
    played.world.pass(DEADLINE_MS / 5);
    expect(played.ends).toEqual([[7, 'banner_timeout']]);
    expect([played.poller.watched.size, played.teller.waiting]).toEqual([0, 0]);
  });

  test('ends with a client who is gone, and at a stop (S134)', () => {
    const played = new PlayedTeller();
    played.socket(7).error = constants.errno.EPIPE;
    played.tell(7);
    played.tell(8, { room: 0 });
    played.socket(8).error = constants.errno.ECONNRESET;
    played.ready(8);
    played.tell(9, { room: 0 });
    played.teller.close();
    expect(played.ends).toEqual([
      [7, 'client_gone'],
      [8, 'client_gone'],
      [9, 'stopping'],
    ]);
  });

  test('waits for no more than so many clients, and of one source for fewer (promise 5)', () => {
    const played = new PlayedTeller();
    for (let count = 0; count <= MOST_OF_ONE_SOURCE; count++) played.tell(100 + count, { room: 0 });
    expect(played.ends).toEqual([[100 + MOST_OF_ONE_SOURCE, 'banner_busy']]);
    for (let source = 2; played.teller.waiting < MOST_WAITING; source++)
      played.tell(1000 + source, { room: 0, source });
    played.tell(9, { room: 0, source: 5000 });
    played.tell(10, { source: 5001 });
    expect(played.ends.slice(1)).toEqual([
      [9, 'banner_busy'],
      [10, 'told'],
    ]);
    played.world.pass(DEADLINE_MS);
    expect(played.teller.waiting).toBe(0);
    played.tell(11, { room: 0 });
    expect(played.teller.waiting).toBe(1);
  });
});
