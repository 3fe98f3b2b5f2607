import { constants } from 'node:os';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Request } from '../../src/launch/request.ts';
import { EVENT_BYTES } from '../../src/launch/spawner-event.ts';
import { SpawnerLink } from '../../src/launch/spawner-link.ts';
import { Descriptor } from '../../src/native/descriptor.ts';
import { FakePoller, fakeBinding } from '../listeners/fake-binding.ts';

const { errno } = constants;
const CHANNEL_FD = 3;
const READABLE = 1;
/** Types of events, by their numbers in format.h. */
const DUMP = 15;
const RAN = 18;
/** What a packet of RAN has besides the status: the program was replaced. */
const REPLACED = 1;
const WRITABLE = 4;
const peer = { family: 4, bytes: Uint8Array.from([192, 0, 2, 1]), port: 9, scopeId: 0 } as const;

function launch(id: number): Request {
  return { type: 'launch', id, service: 0, variant: 0, peer };
}

/** How many packets go out before the channel is full, or why the next one does not. */
type Room = number | 'ENOBUFS' | 'ENOMEM' | 'EINTR' | 'EPIPE';

/** A channel with room for so many packets, and for as many as that again whenever somebody has read them. */
class FakeChannel {
  readonly seen: string[] = [];
  readonly packets: Uint8Array[] = [];
  #room: Room;

  constructor(room: Room) {
    this.#room = room;
  }

  makeRoom(room: Room): void {
    this.#room = room;
  }

  sendBatch(bytes: Uint8Array, { rows, count }: { rows: Int32Array; count: number }): number {
    if (typeof this.#room !== 'number') {
      const code = -errno[this.#room];
      this.#room = Number.POSITIVE_INFINITY;
      return code;
    }
    const sent = Math.min(this.#room, count);
    this.#room -= sent;
    let at = 0;
    for (let index = 0; index < sent; index++) {
      const end = at + (rows[2 * index] ?? 0);
      const packet = bytes.slice(at, end);
      at = end;
      this.packets.push(packet);
      this.seen.push(`sent ${packet[8]}`);
    }
    return sent === 0 ? -errno.EAGAIN : sent;
  }
}

/** A link over a channel with room for some, from which these lengths are received, and then nothing. */
function linkOf({
  room = Number.POSITIVE_INFINITY,
  receives = [],
  type = DUMP,
}: {
  room?: Room;
  receives?: number[];
  type?: number;
} = {}) {
  const channel = new FakeChannel(room);
  const { seen, packets } = channel;
  const fake = new FakePoller();
  const told: object[] = [];
  const binding = fakeBinding({
    sendBatch: (_fd, bytes, rows, count) => channel.sendBatch(bytes, { rows, count }),
    receiveBatch: (_fd, bytes, rows) => {
      const lengths = receives.splice(0);
      for (const [index, length] of lengths.entries()) {
        rows.set([length, length === 0 ? -1 : 200 + index], 2 * index);
        bytes[EVENT_BYTES * index] = type;
        bytes[EVENT_BYTES * index + 36] = REPLACED;
      }
      return lengths.length === 0 ? -errno.EAGAIN : lengths.length;
    },
    close: (fd) => {
      seen.push(`closed ${fd}`);
      return 0;
    },
  });
  const link = new SpawnerLink({
    binding,
    poller: fake.poller,
    channel: new Descriptor(binding, CHANNEL_FD),
    handlers: {
      peerOf: () => undefined,
      onEvent: (event, descriptor) => {
        if (event.type !== 'dump') told.push({ ...event, fd: descriptor?.fd });
        seen.push(`event ${descriptor?.fd}`);
        descriptor?.close();
      },
      onUnsent: (request, code) => seen.push(`unsent ${request.type} ${code}`),
      onGone: () => seen.push('gone'),
    },
  });
  const ready = (events: number): void => fake.ready(fake.token(CHANNEL_FD), events);
  const pass = (id: number): void => link.send(launch(id), new Descriptor(binding, 100 + id));
  return { link, channel, seen, packets, told, ready, pass, turn: (act: () => void) => fake.turn(act) };
}

describe('the link to the spawner', () => {
  test('keeps the order of requests that had to wait, and closes each descriptor once it is on its way', () => {
    const { seen, channel, ready, pass } = linkOf({ room: 0 });
    pass(1);
    pass(2);
    expect(seen).toEqual([]);
    channel.makeRoom(Number.POSITIVE_INFINITY);
    ready(WRITABLE);
    expect(seen).toEqual(['sent 1', 'sent 2', 'closed 101', 'closed 102']);
    pass(3);
    expect(seen.slice(4)).toEqual(['sent 3', 'closed 103']);
  });

  test('tells of a handler that was gone before its start was told as of any other: its start, then its end (promise 7)', () => {
    const { told, ready } = linkOf({ receives: [EVENT_BYTES], type: RAN });
    ready(READABLE);
    expect(told).toMatchObject([
      { type: 'launched', id: 0, errno: 0, status: REPLACED, fd: undefined },
      { type: 'exited', id: 0, errno: 0, status: 0, fd: 200 },
    ]);
  });

  test.each(['ENOBUFS', 'ENOMEM'] as const)(
    'says that a request was not sent for %s, and keeps no descriptor',
    (name) => {
      const { seen, pass } = linkOf({ room: name });
      pass(1);
      expect(seen).toEqual(['closed 101', `unsent launch ${name}`]);
    },
  );

  test.each(['ENOBUFS', 'ENOMEM', 'EINTR'] as const)(
    'keeps what nobody would ask for again until the kernel takes it, which says %s at first (F1)',
    (name) => {
      const { link, seen, ready } = linkOf({ room: name });
      link.send({ type: 'reload', id: 1, isDry: false });
      link.send({ type: 'reload', id: 2, isDry: true });
      expect(seen).toEqual([]);
      ready(WRITABLE);
      expect(seen).toEqual(['sent 1', 'sent 2']);
    },
  );

  test('leaves it to reading to notice that the spawner is gone', () => {
    const { seen, ready, pass } = linkOf({ room: 'EPIPE', receives: [0] });
    pass(1);
    expect(seen).toEqual(['closed 101']);
    ready(READABLE);
    expect(seen).toEqual(['closed 101', 'gone']);
  });

  test('sends the first launch of a turn at once, others together, and whatever is no launch without waiting', () => {
    const { link, seen, pass, turn } = linkOf();
    turn(() => {
      pass(1);
      expect(seen.splice(0)).toEqual(['sent 1', 'closed 101']);
      pass(2);
      pass(3);
      expect(seen).toEqual([]);
      link.send({ type: 'outlet', id: 4, row: 0 });
      expect(seen.splice(0)).toEqual(['sent 2', 'sent 3', 'sent 4', 'closed 102', 'closed 103']);
      pass(5);
      expect(seen).toEqual([]);
    });
    expect(seen).toEqual(['sent 5', 'closed 105']);
    turn(() => pass(6));
    pass(7);
    expect(seen.slice(2)).toEqual(['sent 6', 'closed 106', 'sent 7', 'closed 107']);
  });

  test('loses nothing, keeps the order and closes each descriptor once, wherever the channel is full (B1, B2)', () => {
    const rooms = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 20 });
    const turns = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 12, size: 'max' });
    fc.assert(
      fc.property(rooms, turns, (given, sizes) => {
        const { seen, channel, ready, pass, turn } = linkOf({ room: given[0] ?? 0 });
        let id = 0;
        for (const [index, size] of sizes.entries()) {
          turn(() => {
            for (let count = 0; count < size; count++) pass(++id);
          });
          channel.makeRoom(given[index % given.length] ?? 0);
          ready(WRITABLE);
        }
        channel.makeRoom(Number.POSITIVE_INFINITY);
        ready(WRITABLE);
        const ids = Array.from({ length: id }, (_, index) => index + 1);
        expect(seen.filter((each) => each.startsWith('sent'))).toEqual(ids.map((each) => `sent ${each}`));
        expect(seen.filter((each) => each.startsWith('closed'))).toEqual(
          ids.map((each) => `closed ${100 + each}`),
        );
      }),
    );
  });

  test('says which one was not sent, and sends those behind it', () => {
    const { seen, pass, turn } = linkOf({ room: 'ENOBUFS' });
    turn(() => {
      pass(1);
      pass(2);
    });
    expect(seen).toEqual(['closed 101', 'unsent launch ENOBUFS', 'sent 2', 'closed 102']);
  });

  test('takes the packets of one call in their order, and no descriptor that comes behind the end', () => {
    const { seen, ready } = linkOf({ receives: [EVENT_BYTES, EVENT_BYTES, 0, EVENT_BYTES] });
    ready(READABLE);
    expect(seen).toEqual(['event 200', 'closed 200', 'event 201', 'closed 201', 'gone', 'closed 203']);
  });

  test('means the row of an outlet by the table that is in force when it is asked for', () => {
    const { link, packets } = linkOf({});
    const outlet: Request = { type: 'outlet', id: 300, row: 5 };
    link.send(outlet);
    link.commit({ services: [], rows: [] });
    link.send(outlet);
    const [before, , after] = packets.map((bytes) => {
      const view = new DataView(bytes.buffer);
      return {
        generation: view.getUint32(4, true),
        id: view.getUint32(8, true),
        row: view.getUint32(16, true),
      };
    });
    expect(before).toEqual({ generation: 0, id: 300, row: 5 });
    expect(after).toEqual({ generation: 1, id: 300, row: 5 });
  });

  test('calls a packet of another size than an event a failure', () => {
    const { ready } = linkOf({ receives: [EVENT_BYTES - 1] });
    expect(() => ready(READABLE)).toThrow(/EBADMSG/);
  });
});
